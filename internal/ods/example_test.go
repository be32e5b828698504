package ods_test

import (
	"fmt"

	"github.com/lmcfed/lmcfed/internal/ods"
)

// Two releases are read, and compared before anything is recorded.
func Example() {
	const row = `"X10001","INVENTED SURGERY","Y61","QH8","1 INVENTED STREET","","","NOWHERE","","ZZ1 1ZZ","19740401","","A","B","%s","20130401","","01632 960001","","","","0","","","","4",""` + "\n"
	release := func(day, area string, patients int) *ods.Release {
		r, err := ods.Read(
			ods.File{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: fmt.Appendf(nil, row, area)},
			ods.File{Kind: ods.PatientsFile, Name: "gp-reg-pat-prac-all.csv", Bytes: fmt.Appendf(nil, "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS\n%s,GP,X10001,ALL,ALL,%d\n", day, patients)},
			ods.File{Kind: ods.CommitteesFile, Name: "essex", Day: day, Bytes: []byte("practice,committee,from,until,took_over_from\nsub-icb:06Q,north-essex,,,\n")},
		)
		if err != nil {
			fmt.Println(err)
		}
		return r
	}
	before, after := release("2022-07-01", "06Q", 9876), release("2022-08-01", "06T", 9880)
	changes, err := ods.Compare(before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range changes.Of(ods.Moved | ods.Resized) {
		fmt.Printf("%s: from %s to %s, %d to %d patients\n", p.Code, p.Before.Commissioner.Area, p.After.Commissioner.Area, p.Before.Patients, p.After.Patients)
	}
	for _, r := range []*ods.Release{before, after} {
		fmt.Println(r.Day, r.MembershipsOn(r.Practice("x10001"), r.Day))
	}
	// Output:
	// X10001: from sub-icb:06Q to sub-icb:06T, 9876 to 9880 patients
	// 2022-07-01 [{essex  sub-icb:06Q north-essex  }]
	// 2022-08-01 []
}
