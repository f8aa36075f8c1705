"""The shipped model as a sentence-transformers module, run by onnxruntime instead of torch.

`SentenceTransformer("index/model", trust_remote_code=True)` finds it by `modules.json`; the flag is
what sentence-transformers asks for any module that is not its own. The assistant itself does
without, because importing torch costs seconds.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime
import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer
from torch import Tensor

_FILES = (
    "model.onnx",
    "tokenizer.json",
    "config.json",
    "modules.json",
    "config_sentence_transformers.json",
)


class OnnxModule(InputModule):
    """Texts in, unit vectors out: the mean of the tokens' vectors, at length one."""

    def __init__(self, folder: str | Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.folder = Path(folder)
        config = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        self.dimension: int = config["dimension"]
        self.tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(config["max_tokens"])
        self.max_seq_length: int = config["max_tokens"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = onnxruntime.InferenceSession(self.folder / "model.onnx", options)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Tensor]:
        """Token ids and mask of the texts, the prompt before each."""
        encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        width = max((len(encoding.ids) for encoding in encodings), default=0)
        ids = torch.zeros((len(encodings), width), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = torch.tensor(encoding.ids)
            mask[row, : len(encoding.ids)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `sentence_embedding`."""
        # The graph takes one text at a time. On a CPU a batch would gain nothing.
        lengths = features["attention_mask"].sum(dim=1).tolist()
        vectors = np.empty((len(lengths), self.dimension), dtype=np.float32)
        for row, length in enumerate(lengths):
            ids = features["input_ids"][row : row + 1, :length].numpy()
            mean = self.session.run(None, {"input_ids": ids})[0][0].mean(axis=0)
            vectors[row] = mean / np.linalg.norm(mean)
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """How many numbers a vector has."""
        return self.dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copy the model's files; there is nothing here that training could have changed."""
        for name in _FILES:
            shutil.copyfile(self.folder / name, Path(output_path) / name)

    @classmethod
    def load(cls, model_name_or_path: str, *_: Any, **__: Any) -> Self:
        """The module of a local folder."""
        return cls(model_name_or_path)
