"""Step 3: teach the encoder questions and the texts that answer them, whole and word by word.

Each question is set against the texts of its batch and against wrong answers that the model took for
right before its lessons. Two losses are summed: of the vectors (a text as a whole) and of the tokens
(index/retrieval/late_interaction.py: the best stretch of a text), so that both halves of the search learn together.

Several runs that differ in chance are averaged with each other (model soup, Wortsman et al. 2022a)
and with the model before its lessons (WiSE-FT, Wortsman et al. 2022b): that keeps what the lessons
taught and gives back what they cost. On the mean the tokens' projection is learnt anew.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from index.retrieval.late_interaction import FILE as LATE
from index.retrieval.late_interaction import STRETCH
from index.training import checkpoint
from index.training.lessons import lessons
from index.training.material import DEVICE, TWIN, Ints, Material, material, states


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides how a run goes."""

    seed: int = 1
    steps: int = 400
    batch: int = 128
    wrong: int = 3  # mined wrong answers beside each question's own text
    rate: float = 4e-5
    head_rate: float = 1e-3
    temperature: float = 0.02
    encoder_learns: bool = True
    written: float = 0.2  # share of the questions that were written for it
    legal: float = 0.4  # share of those made from law
    group: int = 32  # questions whose tokens are compared with each other's texts


# Chosen by the figures of the public and the development sets: docs/model.md.
RUNS = (
    Recipe(seed=1),
    Recipe(seed=2),
    Recipe(seed=3, written=0.3, legal=0.35),
    Recipe(seed=4, written=0.3, legal=0.35),
)
SHARE = 0.6
REFIT = Recipe(seed=99, steps=250, encoder_learns=False)
WIDTH = 64  # components of a token
HEAD = "head.pt"


class Interaction(nn.Module):
    """Scores of texts for questions by their tokens: as index/retrieval/late_interaction.py computes them, learnt."""

    def __init__(self, components: Tensor) -> None:
        """Starts from a projection, [width, dimension]."""
        super().__init__()
        self.matrix = nn.Parameter(components)
        self.weight = nn.Parameter(torch.zeros(components.shape[1]))
        self.bias = nn.Parameter(torch.zeros(()))
        self.sharpness = nn.Parameter(torch.tensor(3.0))  # logarithm of the temperature's inverse

    def forward(self, asked: Tensor, words: Tensor, told: Tensor, own: Tensor) -> Tensor:
        """[questions, texts] from token states, [texts, tokens, dimension], and which count."""
        weights = nn.functional.softplus(asked @ self.weight + self.bias) * words
        weights = weights / weights.sum(1, keepdim=True)
        similar = torch.einsum("qid,tjd->qtij", self._compared(asked), self._compared(told))
        similar = similar.masked_fill(~own[None, :, None, :], -1)
        similar = nn.functional.pad(similar, (0, -similar.shape[-1] % STRETCH), value=-1)
        halves = similar.reshape(*similar.shape[:-1], -1, STRETCH).amax(-1)
        if halves.shape[-1] > 1:
            halves = torch.maximum(halves[..., :-1], halves[..., 1:])
        best = torch.einsum("qtih,qi->qth", halves, weights.to(halves.dtype)).amax(-1)
        return best.float() * self.sharpness.exp()

    def _compared(self, token_states: Tensor) -> Tensor:
        return nn.functional.normalize(token_states @ self.matrix.T, dim=-1)


@torch.no_grad()
def principal_components(model: BertModel, from_: Material, width: int) -> Tensor:
    """Directions in which the token states of some texts differ most, [width, dimension]."""
    torch.manual_seed(0)
    rows = np.random.default_rng(0).choice(len(from_.told.ids), 256, replace=False)
    ids, mask, own = from_.told.batch(rows.tolist())
    found = states(model, ids, mask)[own][::4].float()
    _, _, components = torch.pca_lowrank(found - found.mean(0), q=width, center=False)
    return components.T.clone()


def teach(
    model: BertModel, interaction: Interaction, from_: Material, recipe: Recipe
) -> list[tuple[float, float]]:
    """Teaches both in place; gives the two losses, of vectors and of tokens, every twenty steps."""
    rng = np.random.default_rng(recipe.seed)
    for parameter in model.parameters():
        parameter.requires_grad = False
    learning = list(model.encoder.layer.parameters()) if recipe.encoder_learns else []
    for parameter in learning:
        parameter.requires_grad = True
    optimizer = torch.optim.AdamW(
        [
            {"params": learning, "lr": recipe.rate, "weight_decay": 0.01},
            {"params": interaction.parameters(), "lr": recipe.head_rate, "weight_decay": 0.0},
        ]
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1, (step + 1) / 25) * max(0.02, 1 - step / recipe.steps),
    )
    curve: list[tuple[float, float]] = []
    began = time.monotonic()
    for step in range(recipe.steps):
        whole, tokens = losses(model, interaction, from_, drawn(from_, recipe, rng), recipe, rng)
        optimizer.zero_grad()
        (whole + tokens if recipe.encoder_learns else tokens).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        if step % 20 == 0:
            curve.append((round(whole.item(), 4), round(tokens.item(), 4)))
            print(step, *curve[-1], f"{time.monotonic() - began:.0f} s", flush=True)
    return curve


def drawn(from_: Material, recipe: Recipe, rng: np.random.Generator) -> Ints:
    """Questions of one step, of each kind its share."""
    shares = [recipe.written, recipe.legal, 1 - recipe.written - recipe.legal]
    counts = rng.multinomial(recipe.batch, shares)
    parts = [
        rng.choice(rows, count, replace=False)
        for rows, count in zip(from_.kinds, counts, strict=True)
    ]
    return np.asarray(rng.permutation(np.concatenate(parts)), np.int64)


def losses(
    model: BertModel,
    interaction: Interaction,
    from_: Material,
    chosen: Ints,
    recipe: Recipe,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    """Of the vectors, each question against all texts; of the tokens, against those of its group."""
    each = 1 + recipe.wrong
    texts = [
        place
        for row in chosen
        for place in (from_.places[row], *rng.choice(from_.wrong[row], recipe.wrong, replace=False))
    ]
    asked_ids, asked_mask, words = from_.asked.batch(chosen.tolist())
    told_ids, told_mask, own = from_.told.batch(texts)
    with torch.set_grad_enabled(recipe.encoder_learns):
        asked, told = states(model, asked_ids, asked_mask), states(model, told_ids, told_mask)
    right = torch.arange(len(chosen), device=DEVICE) * each
    numbers = torch.tensor(np.array(texts), device=DEVICE)
    # a text that says nearly the same as the right one is not a wrong answer
    twins = from_.bank[numbers[right]] @ from_.bank[numbers].T > TWIN
    twins |= numbers[None] == numbers[right][:, None]
    twins[torch.arange(len(chosen), device=DEVICE), right] = False
    scores = checkpoint.pooled(asked, asked_mask) @ checkpoint.pooled(told, told_mask).T
    scores = (scores / recipe.temperature).masked_fill(twins, -torch.inf)
    parts = []
    for start in range(0, len(chosen), recipe.group):
        rows = slice(start, start + recipe.group)
        columns = slice(start * each, (start + recipe.group) * each)
        with torch.autocast(DEVICE, torch.bfloat16):
            found = interaction(asked[rows], words[rows], told[columns], own[columns])
        found = found.masked_fill(twins[rows, columns], -torch.inf)
        parts.append(nn.functional.cross_entropy(found, right[rows] - start * each))
    return nn.functional.cross_entropy(scores, right), torch.stack(parts).mean()


@torch.no_grad()
def averaged(before: nn.Module, after: Sequence[nn.Module], share: float) -> None:
    """Make `before` the mean of `after` by `share`, and itself by the rest."""
    learnt = [module.state_dict() for module in after]
    for name, values in before.state_dict().items():
        if values.is_floating_point():
            mean = torch.stack([state[name].float() for state in learnt]).mean(0)
            values.lerp_(mean.to(values), share)


def run(source: Path, from_: Material, recipe: Recipe, folder: Path) -> None:
    """One run from the model in `source`, kept in `folder` with its projection and its curve."""
    if checkpoint.is_complete(folder):
        return
    model = checkpoint.load_model(source, DEVICE)
    interaction = Interaction(principal_components(model, from_, WIDTH)).to(DEVICE)
    curve = teach(model, interaction, from_, recipe)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(interaction.state_dict(), folder / HEAD)
    record = {"recipe": asdict(recipe), "loss": curve}
    (folder / "run.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    checkpoint.save(model, (source / "tokenizer.json").read_text(encoding="utf-8"), folder)


def mean(source: Path, runs: Sequence[Path], from_: Material, share: float, folder: Path) -> None:
    """The mean of the runs and of the model before, and the projection learnt anew on it."""
    if checkpoint.is_complete(folder):
        return
    model = checkpoint.load_model(source, DEVICE)
    averaged(model, [checkpoint.load_model(kept, DEVICE) for kept in runs], share)
    heads = []
    for kept in runs:
        state = torch.load(kept / HEAD, map_location=DEVICE)
        heads.append(Interaction(state["matrix"]).to(DEVICE))
        heads[-1].load_state_dict(state)
    interaction = Interaction(heads[0].matrix.detach().clone()).to(DEVICE)
    averaged(interaction, heads, 1.0)
    teach(model, interaction, from_, REFIT)
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        name: np.asarray(values.detach().cpu().numpy(), np.float16)
        for name, values in interaction.named_parameters()
        if name != "sharpness"
    }
    np.savez(folder / LATE, **stored)  # type: ignore[arg-type]  # numpy types the keywords as its flag
    checkpoint.save(model, (source / "tokenizer.json").read_text(encoding="utf-8"), folder)


def learnt(data: Path, source: Path, work: Path, folder: Path) -> None:
    """All runs and their mean: the model that ships, in fp32."""
    if checkpoint.is_complete(folder):
        return
    from_ = material(lessons(data, seed=1), source, work / "material.pt")
    runs = [work / f"run-{recipe.seed}" for recipe in RUNS]
    for recipe, kept in zip(RUNS, runs, strict=True):
        run(source, from_, recipe, kept)
    mean(source, runs, from_, SHARE, folder)


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=learnt.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("source", type=Path, help="the checkpoint to start from")
    parser.add_argument("work", type=Path, help="a folder for what lies between")
    parser.add_argument("folder", type=Path, help="where the model goes")
    given = parser.parse_args()
    learnt(given.data, given.source, given.work, given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
