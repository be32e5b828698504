package server

import (
	"fmt"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ChangeContact signs the office's record in a node's folder anew, with another contact and the
// next serial, and returns where it lies. It counts when the keeper has admitted it: nobody
// else can say how an office is reached. It reads the keys of the folder and nothing else; a
// change that changes nothing signs nothing.
func ChangeContact(dir string, change func(*guidancev1.Contact)) (file string, changed bool, err error) {
	file = filepath.Join(dir, officeFile)
	_, record, err := ReadOfficeFile(file)
	if err != nil {
		return file, false, err
	}
	was := proto.CloneOf(record.Office)
	if record.Office.Contact == nil {
		record.Office.Contact = &guidancev1.Contact{Name: record.Office.Name}
	}
	if change(record.Office.Contact); proto.Equal(was, record.Office) {
		return file, false, nil
	}
	if err := register.CheckOffice(record.Office); err != nil {
		return file, false, fault.New(fault.ErrInvalid, fmt.Sprintf("the office %s: %v", record.Office.Id, err), "say it on one line; nothing was changed")
	}
	keys, err := loadRoot(dir)
	if err != nil {
		return file, false, err
	}
	record.Serial++
	signed, err := identity.SignOffice(record, keys.Root)
	if err != nil {
		return file, false, err
	}
	b, err := proto.Marshal(signed)
	if err != nil {
		return file, false, fmt.Errorf("writing the office's record: %w", err)
	}
	return file, true, durable.Write(file, b, 0o644)
}
