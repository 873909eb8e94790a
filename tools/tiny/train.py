"""Trains opml-tiny on the CPU and writes it as a Q8_0 GGUF.

    python tools/tiny/train.py --out opml-tiny.gguf [--steps 1800] [--seed 1]

A Llama of about 1.3 million parameters with byte-level BPE, digits one by one, chat form. Prints the share
of exactly right answers over every sum and capital of the corpus, with the weights rounded as they are
shipped (Q8_0). One thread and a fixed seed: the same PyTorch build gives the same file.
"""

import argparse
import json
import math
import random
import time

import torch
import torch.nn.functional as F
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

import corpus
from export import write_gguf

CONFIG = dict(dim=128, layers=6, heads=4, kv_heads=2, head_dim=32, hidden=384, vocab=768, context=512,
              rope_base=10000.0, eps=1e-5)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def chat(question, answer):
    return (f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n", f"{answer}<|im_end|>")


def tokenizer(rng):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True),
         pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    t.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=CONFIG["vocab"], special_tokens=[AddedToken(s, special=True) for s in SPECIAL],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    text = [part for _ in range(20000) for part in corpus.pairs(rng)] + ["user\nassistant\nsystem\n"] * 100
    t.train_from_iterator(text, trainer)
    return t


def rope(x, table):
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = table
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        c, linear = CONFIG, lambda i, o: torch.nn.Linear(i, o, bias=False)
        self.attn_norm, self.ffn_norm = torch.nn.RMSNorm(c["dim"], c["eps"]), torch.nn.RMSNorm(c["dim"], c["eps"])
        self.q, self.o = linear(c["dim"], c["heads"] * c["head_dim"]), linear(c["heads"] * c["head_dim"], c["dim"])
        self.k, self.v = (linear(c["dim"], c["kv_heads"] * c["head_dim"]) for _ in range(2))
        self.gate, self.up = linear(c["dim"], c["hidden"]), linear(c["dim"], c["hidden"])
        self.down = linear(c["hidden"], c["dim"])

    def forward(self, x, table):
        c, (b, n, _) = CONFIG, x.shape
        y = self.attn_norm(x)
        q = rope(self.q(y).view(b, n, c["heads"], -1).transpose(1, 2), table)
        k = rope(self.k(y).view(b, n, c["kv_heads"], -1).transpose(1, 2), table)
        v = self.v(y).view(b, n, c["kv_heads"], -1).transpose(1, 2)
        group = c["heads"] // c["kv_heads"]
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(b, n, -1))
        y = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(torch.nn.Module):
    def __init__(self):
        super().__init__()
        c = CONFIG
        self.embedding = torch.nn.Embedding(c["vocab"], c["dim"])
        self.blocks = torch.nn.ModuleList(Block() for _ in range(c["layers"]))
        self.norm = torch.nn.RMSNorm(c["dim"], c["eps"])
        angle = torch.outer(torch.arange(c["context"]).double(),
                            c["rope_base"] ** (-torch.arange(0, c["head_dim"], 2).double() / c["head_dim"]))
        self.table = angle.cos().float(), angle.sin().float()
        for p in self.parameters():
            if p.dim() > 1:
                torch.nn.init.normal_(p, std=0.05)

    def forward(self, ids):
        x, n = self.embedding(ids), ids.shape[1]
        for block in self.blocks:
            x = block(x, (self.table[0][:n], self.table[1][:n]))
        return self.norm(x) @ self.embedding.weight.T


def batch(rng, t, tales):
    """Rows of one kind: tales are four times as long as the rest, so mixing would mostly train padding."""
    draw = corpus.tale if tales else corpus.fact
    texts = [chat(*draw(rng)) for _ in range(32 if tales else 128)]
    coded = [(t.encode(q).ids, t.encode(a).ids) for q, a in texts]
    length = max(len(q) + len(a) for q, a in coded)
    rows = torch.zeros(len(coded), length, dtype=torch.long)
    target = torch.full((len(coded), length), -100)
    for r, (q, a) in enumerate(coded):
        rows[r, :len(q) + len(a)] = torch.tensor(q + a)
        target[r, len(q) - 1:len(q) + len(a) - 1] = torch.tensor(a)
    return rows, target


def round_weights(model):
    """Rounds every matrix as Q8_0 stores it, so that what is measured is what is shipped."""
    with torch.no_grad():
        for p in model.parameters():
            if p.dim() > 1:
                blocks = p.reshape(-1, 32)
                d = (blocks.abs().amax(1, keepdim=True) / 127).half().float()
                q = torch.where(d > 0, (blocks / d).round().clamp(-127, 127), torch.zeros_like(blocks))
                p.copy_((q * d).reshape(p.shape))


@torch.no_grad()
def accuracy(model, t, questions):
    groups = {}
    for question, answer in questions:
        q, a = (t.encode(part).ids for part in chat(question, answer))
        groups.setdefault((len(q), len(a)), []).append((q, a, question))
    right, wrong = 0, []
    for (n, m), items in sorted(groups.items()):
        for start in range(0, len(items), 256):
            part = items[start:start + 256]
            ids = torch.tensor([q + a for q, a, _ in part])
            best = model(ids)[:, n - 1:-1].argmax(-1)  # teacher forcing equals greedy decoding when all agree
            ok = (best == ids[:, n:]).all(1)
            right += int(ok.sum())
            wrong += [part[i][2] for i in range(len(part)) if not ok[i]]
    return right, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="opml-tiny.gguf")
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    rng = random.Random(options.seed)
    t, model = tokenizer(rng), Llama()
    CONFIG["vocab"] = t.get_vocab_size()
    print("parameters", sum(p.numel() for p in model.parameters()), "vocabulary", t.get_vocab_size(), flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0, betas=(0.9, 0.98), weight_decay=0.01)
    warm, peak = 200, 3e-3
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda s: peak * min(1, (s + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * s / options.steps))))
    began = time.time()
    for step in range(options.steps):
        ids, target = batch(rng, t, step % 8 == 7)
        loss = F.cross_entropy(model(ids).flatten(0, 1), target.flatten(), ignore_index=-100)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 250 == 0 or step == options.steps - 1:
            print(f"step {step} loss {loss.item():.4f} seconds {time.time() - began:.0f}", flush=True)
    round_weights(model)
    questions = list(corpus.checks())
    right, wrong = accuracy(model, t, questions)
    print(json.dumps({"right": right, "questions": len(questions), "wrong": wrong[:20]}), flush=True)
    write_gguf(options.out, model, t, CONFIG, SPECIAL)


if __name__ == "__main__":
    main()
