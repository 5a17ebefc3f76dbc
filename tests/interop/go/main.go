// SPDX-License-Identifier: Apache-2.0

// Command interop holds what OpenMPCA's log makes against golang.org/x/mod/sumdb, and makes the same for OpenMPCA to
// verify. It reads one request as JSON and writes one answer:
//
//	interop verify < request    verifies a folder of tiles, its checkpoint, and proofs
//	interop make < request      makes a signed checkpoint, tiles, records and proofs
//	interop open < request      says of each of many notes whether sumdb takes it, and with which text
//
// Tiles lie as C2SP tlog-tiles says, tile/<level>/<n>; sumdb puts the height of a tile, 8, before the level.
package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height     = 8
	treeHeader = "go.sum database tree\n"
)

// A Record is an entry of a log with the proof that it stands there.
type Record struct {
	Index int64
	Entry []byte
	Proof [][]byte
}

// An Earlier is an earlier tree of a log with the proof that it is the beginning of the present one.
type Earlier struct {
	Size  int64
	Root  []byte
	Proof [][]byte
}

type verifyRequest struct {
	Folder  string
	Key     string
	Origin  string
	Records []Record
	Trees   []Earlier
}

type makeRequest struct {
	Secret  string // a signer key, or the name of one to be made
	Origin  string
	Entries [][]byte
	Indexes []int64
	Sizes   []int64
}

type openRequest struct {
	Keys  []string
	Notes [][]byte
}

type answer struct {
	Refused string
	Size    int64
	Root    []byte
	Key     string
	Secret  string
	Note    string
	Tiles   map[string][]byte
	Records []Record
	Trees   []Earlier
	Opened  []Opened
}

// An Opened is what sumdb makes of a note: why it is refused, or its text and who is known to have signed it.
type Opened struct {
	Refused string
	Text    string
	Signers []string
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: interop verify|make|open")
	}
	decoder := json.NewDecoder(os.Stdin)
	given := answer{}
	var err error
	switch os.Args[1] {
	case "verify":
		request := verifyRequest{}
		if err := decoder.Decode(&request); err != nil {
			return err
		}
		err = verify(request, &given)
	case "make":
		request := makeRequest{}
		if err := decoder.Decode(&request); err != nil {
			return err
		}
		err = create(request, &given)
	case "open":
		request := openRequest{}
		if err := decoder.Decode(&request); err != nil {
			return err
		}
		err = open(request, &given)
	default:
		return fmt.Errorf("unknown command %s", os.Args[1])
	}
	if err != nil {
		given.Refused = err.Error()
	}
	return json.NewEncoder(os.Stdout).Encode(given)
}

func verify(request verifyRequest, given *answer) error {
	data, err := os.ReadFile(filepath.Join(request.Folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(data, request.Key, request.Origin)
	if err != nil {
		return err
	}
	given.Size, given.Root = tree.N, tree.Hash[:]
	for _, record := range request.Records {
		proof, err := hashes(record.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, record.Index, tlog.RecordHash(record.Entry)); err != nil {
			return fmt.Errorf("record %d: %w", record.Index, err)
		}
	}
	for _, earlier := range request.Trees {
		proof, err := hashes(append([][]byte{earlier.Root}, earlier.Proof...))
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof[1:], tree.N, tree.Hash, earlier.Size, proof[0]); err != nil {
			return fmt.Errorf("tree of %d: %w", earlier.Size, err)
		}
	}
	reader := tlog.TileHashReader(tree, folder(request.Folder))
	for _, record := range request.Records {
		proof, err := tlog.ProveRecord(tree.N, record.Index, reader)
		if err != nil {
			return fmt.Errorf("record %d from tiles: %w", record.Index, err)
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, record.Index)})
		if err != nil {
			return fmt.Errorf("leaf %d from tiles: %w", record.Index, err)
		}
		if leaf[0] != tlog.RecordHash(record.Entry) {
			return fmt.Errorf("leaf %d from tiles is another", record.Index)
		}
		given.Records = append(given.Records, Record{record.Index, record.Entry, bytesOf(proof)})
	}
	for _, earlier := range request.Trees {
		proof, err := tlog.ProveTree(tree.N, earlier.Size, reader)
		if err != nil {
			return fmt.Errorf("tree of %d from tiles: %w", earlier.Size, err)
		}
		given.Trees = append(given.Trees, Earlier{earlier.Size, earlier.Root, bytesOf(proof)})
	}
	return nil
}

// openCheckpoint verifies a note and parses it with sumdb's own parser, which takes one origin only.
func openCheckpoint(data []byte, key, origin string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	if !strings.HasPrefix(opened.Text, origin+"\n") {
		return tlog.Tree{}, errors.New("another origin")
	}
	return tlog.ParseTree([]byte(treeHeader + strings.TrimPrefix(opened.Text, origin+"\n")))
}

func open(request openRequest, given *answer) error {
	known := []note.Verifier{}
	for _, key := range request.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return err
		}
		known = append(known, verifier)
	}
	for _, data := range request.Notes {
		opened, err := note.Open(data, note.VerifierList(known...))
		if err != nil {
			given.Opened = append(given.Opened, Opened{Refused: err.Error()})
			continue
		}
		found := Opened{Text: opened.Text}
		for _, signature := range opened.Sigs {
			found.Signers = append(found.Signers, fmt.Sprintf("%s+%08x", signature.Name, signature.Hash))
		}
		given.Opened = append(given.Opened, found)
	}
	return nil
}

// A folder is a log in files, as tlog-tiles lays them out.
type folder string

func (folder) Height() int                     { return height }
func (folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), path(tile)))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

func path(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
}

// create makes a log of the entries and signs it.
func create(request makeRequest, given *answer) error {
	given.Secret = request.Secret
	if !strings.HasPrefix(request.Secret, "PRIVATE+KEY+") {
		var err error
		if given.Secret, given.Key, err = note.GenerateKey(rand.Reader, request.Secret); err != nil {
			return err
		}
	}
	signer, err := note.NewSigner(given.Secret)
	if err != nil {
		return err
	}
	stored := &store{}
	for n, entry := range request.Entries {
		more, err := tlog.StoredHashes(int64(n), entry, stored)
		if err != nil {
			return err
		}
		*stored = append(*stored, more...)
	}
	given.Size = int64(len(request.Entries))
	root, err := tlog.TreeHash(given.Size, stored)
	if err != nil {
		return err
	}
	given.Root = root[:]
	text := strings.TrimPrefix(string(tlog.FormatTree(tlog.Tree{N: given.Size, Hash: root})), treeHeader)
	signed, err := note.Sign(&note.Note{Text: request.Origin + "\n" + text}, signer)
	if err != nil {
		return err
	}
	given.Note = string(signed)
	return prove(request, stored, given)
}

// prove adds the tiles of a log that was created, and the proofs that were asked for.
func prove(request makeRequest, stored *store, given *answer) error {
	given.Tiles = map[string][]byte{}
	for _, tile := range tlog.NewTiles(height, 0, given.Size) {
		data, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return err
		}
		given.Tiles[path(tile)] = data
	}
	for _, n := range request.Indexes {
		proof, err := tlog.ProveRecord(given.Size, n, stored)
		if err != nil {
			return err
		}
		given.Records = append(given.Records, Record{n, request.Entries[n], bytesOf(proof)})
	}
	for _, size := range request.Sizes {
		root, err := tlog.TreeHash(size, stored)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(given.Size, size, stored)
		if err != nil {
			return err
		}
		given.Trees = append(given.Trees, Earlier{size, root[:], bytesOf(proof)})
	}
	return nil
}

// A store keeps the hashes of a log in memory, in sumdb's order.
type store []tlog.Hash

func (s *store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := []tlog.Hash{}
	for _, index := range indexes {
		found = append(found, (*s)[index])
	}
	return found, nil
}

func hashes(plain [][]byte) ([]tlog.Hash, error) {
	found := []tlog.Hash{}
	for _, each := range plain {
		if len(each) != tlog.HashSize {
			return nil, fmt.Errorf("a hash of %d bytes", len(each))
		}
		hash := tlog.Hash{}
		copy(hash[:], each)
		found = append(found, hash)
	}
	return found, nil
}

func bytesOf(found []tlog.Hash) [][]byte {
	plain := [][]byte{}
	for _, each := range found {
		hash := each
		plain = append(plain, hash[:])
	}
	return plain
}
