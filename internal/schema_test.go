package internal

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// schema is every file of ours.
var schema = []protoreflect.FileDescriptor{
	guidancev1.File_lmc_guidance_v1_advisory_proto, guidancev1.File_lmc_guidance_v1_common_proto,
	guidancev1.File_lmc_guidance_v1_matter_proto, guidancev1.File_lmc_guidance_v1_register_proto,
	ledgerv1.File_lmc_ledger_v1_entry_proto, ledgerv1.File_lmc_ledger_v1_register_proto,
	answersv1.File_lmc_answers_v1_entry_proto, answersv1.File_lmc_answers_v1_guidance_proto, answersv1.File_lmc_answers_v1_national_proto, answersv1.File_lmc_answers_v1_overview_proto,
	answersv1.File_lmc_answers_v1_practice_proto, answersv1.File_lmc_answers_v1_recount_proto,
	answersv1.File_lmc_answers_v1_register_proto, answersv1.File_lmc_answers_v1_search_proto, answersv1.File_lmc_answers_v1_selector_proto, answersv1.File_lmc_answers_v1_view_proto, answersv1.File_lmc_answers_v1_votes_proto,
	answersv1.File_lmc_answers_v1_watch_proto,
	nodev1.File_lmc_node_v1_federation_proto, nodev1.File_lmc_node_v1_guidance_proto, nodev1.File_lmc_node_v1_national_proto,
	nodev1.File_lmc_node_v1_node_proto, nodev1.File_lmc_node_v1_publication_proto, nodev1.File_lmc_node_v1_register_proto,
}

// places are the fields that say where in a log or a feed something is, or how long one
// is: uint64, which JSON writes as text, for nobody adds them up.
var places = []protoreflect.Name{
	"index", "size", "held", "seen", "entries", "feed", "known_at_feed", "erased_by", "valid_through_size", "serial",
	"from", "first", "request", "nonce", "register_size",
}

// What is counted (people, practices, committees, items of a page) is int32, so that JSON
// has it as a number; bytes and milliseconds are int64; places in a log or a feed uint64;
// uint32 is for what is signed or exchanged between nodes alone.
func TestNumbersKeepToOnePolicy(t *testing.T) {
	check := func(f protoreflect.FieldDescriptor) {
		name, ok := f.Name(), true
		switch f.Kind() {
		case protoreflect.Int64Kind:
			ok = strings.HasSuffix(string(name), "_bytes") || strings.HasSuffix(string(name), "_ms") || f.FullName() == "lmc.guidance.v1.Attachment.size"
		case protoreflect.Uint64Kind:
			ok = slices.Contains(places, name)
		case protoreflect.Uint32Kind:
			wire := f.ParentFile().Package() == "lmc.ledger.v1" || f.ParentFile() == nodev1.File_lmc_node_v1_federation_proto
			ok = wire || f.FullName() == "lmc.answers.v1.NotUnderstood.features"
		case protoreflect.Sint32Kind, protoreflect.Sint64Kind, protoreflect.Fixed32Kind, protoreflect.Fixed64Kind,
			protoreflect.Sfixed32Kind, protoreflect.Sfixed64Kind, protoreflect.FloatKind, protoreflect.DoubleKind:
			ok = false
		}
		if !ok {
			t.Errorf("%s is %s: see the policy above this test", f.FullName(), f.Kind())
		}
		if m := f.Message(); m != nil {
			switch m.FullName() {
			case "google.protobuf.Timestamp":
				if !strings.HasSuffix(string(name), "_time") {
					t.Errorf("%s is a time and does not end in _time", f.FullName())
				}
			case "google.protobuf.Duration":
				if strings.HasSuffix(string(name), "_time") {
					t.Errorf("%s is a duration and is called a time", f.FullName())
				}
			}
		}
	}
	fields := 0
	var walk func(protoreflect.MessageDescriptors)
	walk = func(all protoreflect.MessageDescriptors) {
		for i := range all.Len() {
			for j := range all.Get(i).Fields().Len() {
				check(all.Get(i).Fields().Get(j))
				fields++
			}
			walk(all.Get(i).Messages())
		}
	}
	for _, file := range schema {
		walk(file.Messages())
	}
	if fields < 400 {
		t.Errorf("only %d fields were looked at", fields)
	}
}

// What only reads may be asked again, and asked by GET; what writes is never marked so.
func TestReadMethodsAreMarkedAndNoOthers(t *testing.T) {
	reads := []protoreflect.Name{"GuidanceService", "NationalService", "RegisterService", "NodeService"}
	for _, file := range schema {
		for i := range file.Services().Len() {
			s := file.Services().Get(i)
			for j := range s.Methods().Len() {
				m := s.Methods().Get(j)
				marked := m.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
				if marked != slices.Contains(reads, s.Name()) {
					t.Errorf("%s: marked as a read: %v", m.FullName(), marked)
				}
			}
		}
	}
}
