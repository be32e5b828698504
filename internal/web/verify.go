package web

import (
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// verify says whether a file that somebody has is a letter as its office signed it, and whether it still stands.
func (s *site) verify(r *http.Request) (answer, error) {
	of := struct {
		Words   string
		Genuine bool
		Current bool
		Entry   string
		Asked   bool
		Alike   []section
	}{}
	data := page{Title: "Is this letter genuine, and does it stand?"}
	if r.Method != http.MethodPost {
		data.Of, data.Notices = of, s.notices(r)
		return answer{page: "verify", data: data}, nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, FormLimit)
	body, err := uploaded(r)
	if err != nil {
		return answer{}, err
	}
	resp, err := ask[answersv1.VerifyResponse](r, s, &answersv1.VerifyRequest{Body: body})
	if err != nil {
		return answer{}, err
	}
	of.Asked, of.Words, of.Genuine, of.Current, of.Entry = true, notation.Capital(resp.GetWords()), resp.GetGenuine(), resp.GetCurrent(), resp.GetEntry().GetName()
	if like := resp.GetAlike(); like != nil {
		p := plain.Unlaid()
		p.Alike(like)
		of.Alike, _, _ = linker{}.sections(p.Blocks())
		of.Entry = like.GetEntry()
	}
	data.Warnings, data.Notices, data.Of = warnings(resp.GetCompleteness()), s.noticesOr(r, resp.GetEntry().GetNotices(), 0), of
	return answer{page: "verify", json: resp, data: data}, nil
}

// uploaded is the file of a form.
func uploaded(r *http.Request) ([]byte, error) {
	if words := r.FormValue("words"); words != "" {
		return []byte(words), nil
	}
	file, _, err := r.FormFile("letter")
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, fault.New(fault.ErrBusy, "the letter was too long in coming", "send it again, over a faster line, or paste its words")
	case errors.As(err, &tooLarge):
		return nil, fault.New(fault.ErrTooLarge, "the file has over 256 KiB, and no letter has", "choose the letter as it was saved (ending in .letter)")
	default:
		return nil, fault.New(fault.ErrInvalid, "neither a file nor words came with the form", "choose the letter as it was saved (ending in .letter), or paste its words, then press Check")
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, UploadLimit+1))
	if err != nil || len(body) > UploadLimit {
		return nil, fault.New(fault.ErrTooLarge, "the file has over 256 KiB, and no letter has", "choose the letter as it was saved (ending in .letter)")
	}
	if len(body) == 0 {
		return nil, fault.New(fault.ErrInvalid, "the file is empty", "choose the letter as it was saved (ending in .letter)")
	}
	return body, nil
}
