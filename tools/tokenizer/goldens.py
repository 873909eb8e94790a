"""Rewrites the token ids of a golden file with the reference implementation (Python `tokenizers`, `gguf`).

    python tools/tokenizer/goldens.py MODEL.gguf server/src/test/resources/opml/cli/opml-tiny-tokens.json
"""

import json
import sys

from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

CONTROL, USER_DEFINED = 3, 4


def reference(path, special):
    reader = GGUFReader(path)
    field = lambda name: reader.fields[name].contents()
    tokens, types = field("tokenizer.ggml.tokens"), field("tokenizer.ggml.token_type")
    merges = [tuple(m.split(" ")) for m in field("tokenizer.ggml.merges")]
    own = [t for t, kind in zip(tokens, types) if kind in (CONTROL, USER_DEFINED)]
    # Without special tokens the vocabulary keeps their ids but nothing ever makes them.
    t = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    if special:
        t.add_special_tokens([AddedToken(token, special=True) for token in own])
    return t


def main():
    model, path = sys.argv[1:]
    plain, special = reference(model, False), reference(model, True)
    goldens = json.load(open(path, encoding="utf-8"))
    for golden in goldens:
        golden["plain"], golden["special"] = plain.encode(golden["text"]).ids, special.encode(golden["text"]).ids
    with open(path, "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(g, ensure_ascii=True, separators=(",", ":")) for g in goldens) + "\n]\n")


main()
