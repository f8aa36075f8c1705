"""The layers being taught, as a sentence-transformers module over what the lower ones gave.

The lower layers are frozen, so what they make of a question is computed once and kept: each later
pass over the questions costs only the layers that learn.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertModel

from index.training import checkpoint


@torch.inference_mode()
def lower_states(
    model: BertModel, tokenizer: Tokenizer, texts: Sequence[str], layers: int
) -> dict[str, Tensor]:
    """What the first `layers` layers make of each text, a row for each token."""
    sequences = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    states: dict[str, Tensor] = {}
    for batch in checkpoint.by_length(sequences, 64):
        ids, mask = checkpoint.padded([sequences[index] for index in batch])
        hidden = model.embeddings(input_ids=ids)
        allowed = mask[:, None, None, :].bool()
        with torch.autocast("cpu", torch.bfloat16):
            for layer in model.encoder.layer[:layers]:
                hidden = layer(hidden, allowed)
        for row, index in enumerate(batch):
            # Cloned, or each question would keep its whole batch alive.
            states[texts[index]] = hidden[row, : len(sequences[index])].half().clone()
    return states


class UpperLayers(InputModule):
    """Questions, known by their text, from kept states to the states of the last layer."""

    def __init__(self, model: BertModel, first_layer: int, states: Mapping[str, Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.layers = model.encoder.layer[first_layer:]
        self.states = states

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Tensor]:
        """The kept states of the questions, padded, and their mask."""
        found = [self.states[(prompt or "") + text] for text in inputs]
        states = torch.nn.utils.rnn.pad_sequence(found, batch_first=True)
        lengths = torch.tensor([len(rows) for rows in found])
        mask = torch.arange(states.shape[1])[None, :] < lengths[:, None]
        # The trainer knows a column's features by names such as this one.
        return {"input_features": states, "attention_mask": mask.long()}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `token_embeddings`."""
        hidden = features["input_features"].float()
        allowed = features["attention_mask"][:, None, None, :].bool()
        for layer in self.layers:
            hidden = layer(hidden, allowed)
        features["token_embeddings"] = hidden
        return features

    def save(self, *_: Any, **__: Any) -> None:
        """Nothing: the layers are part of the model that they were taken from."""
