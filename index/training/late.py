"""Step 5: teach which tokens of a text answer which tokens of a question (index/late.py).

The encoder stays as it is. Learnt are a projection of its token states, from their principal
components on, and a weight for each token of a question; both are small, and the states that they
read are made once.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from index.encoder import OnnxEncoder
from index.late import FILE as LATE
from index.training.export import fingerprint
from index.training.lessons import Example, lessons


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides how a run goes."""

    width: int = 64
    legal: int = 1600
    encyclopaedic: int = 2000
    most_questions: int = 7000
    batch: int = 32
    steps: int = 500
    rate: float = 1e-3
    most_tokens: int = 196
    seed: int = 7


class Interaction(nn.Module):
    """Scores of texts for questions: each question token's nearest text token, weighted."""

    def __init__(self, states: Tensor, width: int) -> None:
        """Starts from the principal components of some token states, [tokens, dimension]."""
        super().__init__()
        _, _, components = torch.pca_lowrank(states - states.mean(0), q=width, center=False)
        self.matrix = nn.Parameter(components.T.clone())
        self.weight = nn.Parameter(torch.zeros(states.shape[1]))
        self.bias = nn.Parameter(torch.zeros(()))
        self.sharpness = nn.Parameter(torch.tensor(3.0))  # logarithm of the temperature's inverse

    def forward(self, questions: Sequence[Tensor], texts: Sequence[Tensor]) -> Tensor:
        """[questions, texts] from the states of each, [tokens, dimension]."""
        asked, real = _padded(questions)
        told, written = _padded(texts)
        similar = torch.einsum("qid,tjd->qtij", self._compared(asked), self._compared(told))
        nearest = similar.masked_fill(~written[None, :, None, :], -1).amax(-1)
        weights = nn.functional.softplus(asked @ self.weight + self.bias) * real
        weights = weights / weights.sum(1, keepdim=True)
        return torch.einsum("qti,qi->qt", nearest, weights) * self.sharpness.exp()

    def _compared(self, states: Tensor) -> Tensor:
        return nn.functional.normalize(states @ self.matrix.T, dim=-1)


def _padded(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(own) for own in states])
    padded = nn.utils.rnn.pad_sequence(list(states), batch_first=True)
    return padded, torch.arange(padded.shape[1]) < lengths[:, None]


def token_states(encoder: OnnxEncoder, texts: Sequence[str], query: bool) -> list[Tensor]:
    """What the encoder makes of each text's own tokens, in half precision to fit in memory."""
    with tqdm(total=len(texts), desc="questions" if query else "texts") as bar:
        found: list[Tensor] = [torch.empty(0)] * len(texts)
        for at, own in encoder.token_states(texts, query):
            found[at] = torch.from_numpy(own.astype(np.float16))
            bar.update()
    return found


def _against(batch: Sequence[Example], size: int, rng: np.random.Generator) -> list[int]:
    """Places of the texts to tell apart: the questions' own, and a neighbour of each."""
    own = [example.place for example in batch]
    beside = [place + int(rng.choice([-3, -2, -1, 1, 2, 3])) for place in own]
    return list(dict.fromkeys(own + [place for place in beside if 0 <= place < size]))


def teach(data: Path, model: Path, recipe: Recipe) -> None:
    """Write late.npz into the model's folder, the run's settings and curve beside it."""
    if (model / LATE).exists():
        return
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    taught = lessons(data, recipe.legal, recipe.encyclopaedic, recipe.seed)
    examples = taught.examples[: recipe.most_questions]
    encoder = OnnxEncoder(model)
    questions = token_states(encoder, [example.question for example in examples], query=True)
    texts = token_states(encoder, taught.bank, query=False)
    interaction = Interaction(torch.cat([own[::5] for own in texts]).float(), recipe.width)
    optimizer = torch.optim.Adam(interaction.parameters(), lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 30) * max(0.05, 1 - step / recipe.steps)
    )
    curve: list[float] = []
    for _ in tqdm(range(recipe.steps), desc="steps"):
        chosen = rng.choice(len(examples), recipe.batch, replace=False)
        places = _against([examples[at] for at in chosen], len(texts), rng)
        scores = interaction(
            [questions[at].float() for at in chosen],
            [texts[place][: recipe.most_tokens].float() for place in places],
        )
        right = torch.tensor([places.index(examples[at].place) for at in chosen])
        loss = nn.functional.cross_entropy(scores, right)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
        schedule.step()
        curve.append(round(loss.item(), 4))
    _write(interaction, model, {"recipe": asdict(recipe), "loss": curve})


def _write(interaction: Interaction, model: Path, record: dict[str, object]) -> None:
    def stored(value: Tensor) -> NDArray[np.float16]:
        return np.asarray(value.detach().numpy(), np.float16)

    np.savez(
        model / LATE,
        matrix=stored(interaction.matrix),
        weight=stored(interaction.weight),
        bias=stored(interaction.bias),
    )
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    config["fingerprint"] = fingerprint(model)
    (model / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    record_file = model.with_name(f"{model.name}-late.json")
    record_file.write_text(json.dumps(record) + "\n", encoding="utf-8")


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=teach.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("model", type=Path, help="the exported model's folder")
    parser.add_argument("--recipe", type=json.loads, default={}, help="settings to change, as JSON")
    arguments = parser.parse_args()
    teach(arguments.data, arguments.model, Recipe(**arguments.recipe))
    return 0


if __name__ == "__main__":
    sys.exit(main())
