"""Step 3: teach the encoder questions and the texts that answer them.

Only questions are taught, in upper layers of their own: texts are read as before. So nothing that
the model knows of texts can be lost, the bank of texts is encoded once and gives each question
thousands of wrong answers to be set against, and a step costs no more than a few dozen short
questions. Word embeddings and the lower layers, which both share, stay as they are.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from torch import Tensor, nn
from transformers import (
    BertModel,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from index.training import checkpoint
from index.training.lessons import Lessons, lessons
from index.training.measure import embedder
from index.training.upper import UpperLayers, lower_states

States = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides how a run goes."""

    name: str
    legal: int = 3000
    encyclopaedic: int = 3000
    most_questions: int = 6000
    batch: int = 64
    steps: int = 300
    rate: float = 5e-5
    temperature: float = 0.01
    first_layer: int = 9
    twin: float = 0.97
    minutes: float = 25.0
    seed: int = 1


class BankContrast(nn.Module):
    """Each question against every text of the bank."""

    def __init__(self, model: SentenceTransformer, bank: Tensor, recipe: Recipe) -> None:
        super().__init__()
        self.model, self.bank, self.recipe = model, bank, recipe

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The loss of a batch of questions, labelled with their texts' places."""
        (features,) = sentence_features
        questions = self.model(features)["sentence_embedding"].float()
        scores = questions @ self.bank.T / self.recipe.temperature
        # A text that says nearly the same is not a wrong answer.
        twins = self.bank[labels] @ self.bank.T > self.recipe.twin
        twins[torch.arange(len(labels)), labels] = False
        return nn.functional.cross_entropy(scores.masked_fill(twins, -torch.inf), labels)


class _StopAfter(TrainerCallback):
    """Ends a run that has used up its time; a shared machine's speed cannot be foretold."""

    def __init__(self, minutes: float) -> None:
        self.end = time.monotonic() + minutes * 60

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: object,
    ) -> None:
        if time.monotonic() > self.end:
            control.should_training_stop = True


def learner(
    model: BertModel, first_layer: int, states: Mapping[str, Tensor]
) -> SentenceTransformer:
    """The model's upper layers as a sentence-transformers model over kept states."""
    upper = UpperLayers(model, first_layer, states)
    pooling = Pooling(model.config.hidden_size, "mean")
    return SentenceTransformer(modules=[upper, pooling, Normalize()], device="cpu")


def question_states(source: Path, questions: Sequence[str], layers: int, file: Path) -> States:
    """What the frozen layers make of the questions, made once and kept beside the runs."""
    if file.exists():
        states: States = torch.load(file)
        if states.keys() >= set(questions):
            return states
    model, tokenizer = checkpoint.load_model(source), checkpoint.load_tokenizer(source)
    states = lower_states(model, tokenizer, sorted(set(questions)), layers)
    torch.save(states, file)
    return states


def bank_vectors(model: Path, taught: Lessons, file: Path) -> Tensor:
    """The vectors of the bank's texts, made once and kept beside the runs."""
    if file.exists():
        vectors: Tensor = torch.load(file)
        if len(vectors) == len(taught.bank):
            return vectors
    embed = embedder(model)
    vectors = torch.from_numpy(embed([checkpoint.PASSAGE_PREFIX + text for text in taught.bank]))
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(vectors, file)
    return vectors


def train(data: Path, source: Path, exported: Path, folder: Path, recipe: Recipe) -> None:
    """Write the taught model to `folder`, and its settings and curve beside it."""
    if checkpoint.is_complete(folder):
        return
    taught = lessons(data, recipe.legal, recipe.encyclopaedic, recipe.seed)
    examples = taught.examples[: recipe.most_questions]
    questions = [checkpoint.QUERY_PREFIX + example.question for example in examples]
    bank = bank_vectors(exported, taught, folder.parent / "bank.pt")
    kept = folder.parent / f"questions-{recipe.first_layer}.pt"
    states = question_states(source, questions, recipe.first_layer, kept)
    bert = undropped(source)
    model = learner(bert, recipe.first_layer, states)
    labels = [example.place for example in examples]
    trainer = SentenceTransformerTrainer(
        model=model,
        args=_arguments(folder.parent / "trainer", recipe),
        train_dataset=Dataset.from_dict({"question": questions, "label": labels}),
        loss=BankContrast(model, bank, recipe),
        callbacks=[_StopAfter(recipe.minutes)],
    )
    trainer.train()
    checkpoint.save(bert, (source / "tokenizer.json").read_text(encoding="utf-8"), folder)
    record = {
        "recipe": asdict(recipe),
        "texts": len(bank),
        "questions": len(questions),
        "curve": trainer.state.log_history,
    }
    (folder / "run.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def undropped(source: Path) -> BertModel:
    """The checkpoint without dropout, which would set questions apart from a bank made without."""
    model = checkpoint.load_model(source)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model


def _arguments(folder: Path, recipe: Recipe) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch,
        max_steps=recipe.steps,
        learning_rate=recipe.rate,
        lr_scheduler_type="linear",
        warmup_steps=max(1, recipe.steps // 10),
        weight_decay=0.01,
        bf16=True,
        use_cpu=True,
        logging_steps=10,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        seed=recipe.seed,
    )


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=train.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("source", type=Path, help="the checkpoint to start from")
    parser.add_argument("exported", type=Path, help="the same model exported: it fills the bank")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", type=json.loads, default={}, help="settings to change, as JSON")
    arguments = parser.parse_args()
    recipe = Recipe(**{"name": arguments.folder.name, **arguments.recipe})
    train(arguments.data, arguments.source, arguments.exported, arguments.folder, recipe)
    return 0


if __name__ == "__main__":
    sys.exit(main())
