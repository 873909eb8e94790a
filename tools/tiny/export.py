"""Writes a model of train.py as GGUF (v3, Q8_0 matrices, F32 norms) with the `gguf` package."""

import json

import gguf
import numpy as np

TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    "'<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def write_gguf(path, model, tokenizer, config, special):
    w = gguf.GGUFWriter(path, "llama")
    w.add_name("opml-tiny")
    w.add_license("apache-2.0")
    w.add_description("Sums, capitals and short tales; trained by tools/tiny/train.py")
    w.add_context_length(config["context"])
    w.add_embedding_length(config["dim"])
    w.add_block_count(config["layers"])
    w.add_feed_forward_length(config["hidden"])
    w.add_head_count(config["heads"])
    w.add_head_count_kv(config["kv_heads"])
    w.add_layer_norm_rms_eps(config["eps"])
    w.add_rope_freq_base(config["rope_base"])
    w.add_rope_dimension_count(config["head_dim"])
    w.add_vocab_size(config["vocab"])
    w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)

    vocab = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("smollm")
    w.add_token_list([token for token, _ in vocab])
    w.add_token_types([int(gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL)
                       for token, _ in vocab])
    w.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    w.add_bos_token_id(tokenizer.token_to_id("<|im_start|>"))
    w.add_eos_token_id(tokenizer.token_to_id("<|im_end|>"))
    w.add_add_bos_token(False)
    w.add_add_space_prefix(False)
    w.add_chat_template(TEMPLATE)

    def matrix(name, p):
        values = p.detach().numpy()
        w.add_tensor(name, gguf.quants.quantize(values, gguf.GGMLQuantizationType.Q8_0),
                     raw_dtype=gguf.GGMLQuantizationType.Q8_0)

    def vector(name, p):
        w.add_tensor(name, p.detach().numpy().astype(np.float32))

    matrix("token_embd.weight", model.embedding.weight)
    vector("output_norm.weight", model.norm.weight)
    for i, b in enumerate(model.blocks):
        prefix = f"blk.{i}."
        vector(prefix + "attn_norm.weight", b.attn_norm.weight)
        vector(prefix + "ffn_norm.weight", b.ffn_norm.weight)
        for name, layer in (("attn_q", b.q), ("attn_k", b.k), ("attn_v", b.v), ("attn_output", b.o),
                            ("ffn_gate", b.gate), ("ffn_up", b.up), ("ffn_down", b.down)):
            matrix(prefix + name + ".weight", layer.weight)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
