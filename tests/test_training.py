"""The offline pipeline that makes the shipped encoder, on models small enough to make here."""

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

onnxruntime = pytest.importorskip("onnxruntime")
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx", reason="the pipeline's own dependencies are not installed")

from onnx.numpy_helper import to_array  # noqa: E402  # after the skips
from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from index.retrieval.late_interaction import Projection  # noqa: E402
from index.training import checkpoint  # noqa: E402
from index.training.export import tower, watched_inputs  # noqa: E402
from index.training.graph import EXACT, Shape, Tower, encoder_graph  # noqa: E402
from index.training.lessons import asked_about, sentences_of, written_questions  # noqa: E402
from index.training.material import Material, mined, sequences, vectors  # noqa: E402
from index.training.measure import Figures, figures  # noqa: E402
from index.training.noise import mistoned, telex  # noqa: E402
from index.training.packed import dequantised  # noqa: E402
from index.training.quantise import quantised_blocks, quantised_columns  # noqa: E402
from index.training.recover import state_name  # noqa: E402
from index.training.teach import (  # noqa: E402
    Interaction,
    Recipe,
    averaged,
    teach,
)
from index.training.texts import bare  # noqa: E402
from index.training.vocabulary import cut_model, cut_tokenizer, kept_pieces  # noqa: E402

SHAPE = Shape(layers=3, heads=2)


def small_model(seed: int = 0, vocabulary: int = 60) -> BertModel:
    """A BERT of three layers whose word embeddings went through 4-bit blocks, as ours did."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        num_hidden_layers=SHAPE.layers,
        num_attention_heads=SHAPE.heads,
        intermediate_size=128,
        max_position_embeddings=32,
        pad_token_id=checkpoint.PADDING_ID,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.train(False)
    words = model.embeddings.word_embeddings.weight.detach().numpy()
    nibbles, scales = quantised_blocks(words)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.copy_(torch.from_numpy(unpacked(nibbles, scales)))
    return model


def unpacked(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """The blocks laid out as in the packed file, and read back."""
    laid = np.concatenate([scales[..., None].view(np.uint8), nibbles], axis=-1)
    return dequantised(laid.tobytes()).reshape(len(scales), -1)


def states(graph: Any, ids: list[list[int]], exact: str = "0") -> NDArray[np.float32]:
    """What the graph makes of rows of one length, with slower products that cannot overflow or not."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", exact)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options)
    return np.concatenate([session.run(None, {"input_ids": np.array([row])})[0] for row in ids])


def torch_states(model: BertModel, ids: list[list[int]]) -> NDArray[np.float32]:
    """What torch makes of them."""
    with torch.inference_mode():
        result: NDArray[np.float32] = model(torch.tensor(ids)).last_hidden_state.numpy()
    return result


def cosines(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Cosine of each pair of vectors."""
    norms = np.linalg.norm(left, axis=-1) * np.linalg.norm(right, axis=-1)
    result: NDArray[Any] = (left * right).sum(axis=-1) / norms
    return result


def test_a_q4_block_is_read_low_nibbles_first() -> None:
    """A block is a half-precision scale and 16 bytes; the low nibbles are its first 16 values."""
    block = np.float16(0.5).tobytes() + bytes([0x80 | low for low in range(16)])
    assert dequantised(block).tolist() == [(low - 8) * 0.5 for low in range(16)] + [0.0] * 16


def test_blocks_go_through_the_graph_s_packing_without_loss() -> None:
    """Word embeddings recovered from 4 bits are stored in 4 bits again, value for value."""
    rng = np.random.default_rng(1)
    blocks = [
        np.float16(scale).tobytes() + bytes([0x00, *rng.integers(0, 256, 15).tolist()])
        for scale in rng.normal(size=6)
    ]
    values = dequantised(b"".join(blocks)).reshape(3, 64)
    assert (unpacked(*quantised_blocks(values)) == values).all()


def test_a_column_keeps_its_largest_value() -> None:
    """Columns have scales of their own, and their largest value takes the last step."""
    matrix = np.array([[1.0, -200.0], [-0.5, 100.0]], np.float32)
    whole, scales = quantised_columns(matrix, np.eye(2))
    assert whole.tolist() == [[127, -127], [-64, 64]]
    assert scales.tolist() == pytest.approx([1 / 127, 200 / 127])


def test_neighbours_of_one_sign_share_what_fits() -> None:
    """Without VNNI two products are added in 16 bits: neighbours add up to 128, whatever is rounded."""
    rng = np.random.default_rng(1)
    matrix = rng.standard_t(2, size=(63, 400)).astype(np.float32)
    matrix[:, 0] = [1, 1] + [0] * 61
    whole, scales = quantised_columns(matrix, np.cov(rng.normal(size=(63, 70))))
    assert whole[:2, 0].tolist() == [64, 64]
    pairs = np.vstack([whole, whole[:1] * 0]).astype(int).reshape(32, 2, 400)
    assert np.maximum(pairs, 0).sum(axis=1).max() == 128
    assert np.minimum(pairs, 0).sum(axis=1).min() == -128
    assert np.abs(whole * scales - matrix).max() < 20 * scales.max()


def test_what_is_multiplied_decides_how_a_matrix_is_rounded() -> None:
    """Products with inputs whose channels go together change less than by rounding to nearest."""
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(200, 4)) @ rng.normal(size=(4, 32)) + rng.normal(size=(200, 32)) / 9
    matrix = rng.normal(size=(32, 8)).astype(np.float32)

    def change(products: NDArray[np.float64]) -> float:
        whole, scales = quantised_columns(matrix, products)
        return float(np.square(inputs @ (whole * scales - matrix)).mean())

    assert change(inputs.T @ inputs / len(inputs)) < change(np.eye(32)) / 2


def test_packed_names_become_bert_names() -> None:
    """The tensor directory's short names are those of transformers' BertModel."""
    names = {name.replace("_projection", "") for name in small_model().state_dict()}
    assert {state_name("emb.word"), state_name("l2.q.w"), state_name("l0.oln.b")} <= names


def unigram() -> dict[str, Any]:
    """A tokenizer of twenty-odd pieces, in the shape of the full one."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁có", "▁không", "Москва", "▁the", "▁of"]
    pieces += ["▁c", *"abchgkntóôМосква漢", "<mask>"]
    scores = [(piece, -float(index)) for index, piece in enumerate(dict.fromkeys(pieces))]
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    made: dict[str, Any] = json.loads(tokenizer.to_str())
    return made


def test_the_cut_keeps_every_text_readable() -> None:
    """A text without unknown pieces has none afterwards, and frequent words stay whole."""
    full = unigram()
    pieces = [piece for piece, _ in full["model"]["vocab"]]
    counts = Counter({pieces.index("▁có"): 3, pieces.index("▁không"): 2})
    kept = kept_pieces(pieces, counts)
    before = Tokenizer.from_str(json.dumps(full))
    after = Tokenizer.from_str(json.dumps(cut_tokenizer(full, kept)))
    assert "▁không" not in after.get_vocab()
    assert "Москва" not in after.get_vocab()
    for text in ("có không", "Москва", "the of"):
        assert "<unk>" not in before.encode(text).tokens
        assert "<unk>" not in after.encode(text).tokens
    assert "漢" not in after.get_vocab()
    assert after.encode("có").tokens == ["▁có"]
    assert after.token_to_id("<mask>") == len(kept) - 1


def test_the_cut_model_gives_the_same_vectors() -> None:
    """Dropping pieces that a text does not use changes nothing about its vectors."""
    model = small_model()
    before = torch_states(model, [[0, 40, 50, 2]])
    after = torch_states(cut_model(model, [0, 1, 2, 3, 40, 50]), [[0, 4, 5, 2]])
    assert np.abs(before - after).max() < 1e-6


def with_outliers(model: BertModel) -> BertModel:
    """The model as training leaves one: biases, and two channels thirty times the others."""
    torch.manual_seed(1)
    with torch.no_grad():
        for name, values in model.named_parameters():
            if name.endswith("bias"):
                values.normal_(std=0.1)
            elif "LayerNorm" in name:
                values[:2].mul_(30)
            elif "embeddings" not in name:
                values.mul_(3)
    return model


def seen_tower(model: BertModel) -> Tower:
    """Its weights, with what a few texts feed to them."""
    tokenizer = Tokenizer.from_str(json.dumps(unigram()))
    return tower(model, tokenizer, ["có không", "the of", "không có không có the"])


@pytest.mark.parametrize(("bits", "closeness"), [(8, 0.99995), (EXACT, 0.99999999)])
def test_the_graph_computes_what_torch_does(bits: int, closeness: float) -> None:
    """The int8 graph follows the fp32 model closely in spite of outliers, the exact one exactly."""
    model = with_outliers(small_model())
    ids = [[0, 5, 17, 33, 2], [0, 9, 8, 7, 2]]
    graph = encoder_graph(seen_tower(model), SHAPE, bits)
    made, right = states(graph, ids)[..., 2:], torch_states(model, ids)[..., 2:]
    assert cosines(made.astype(np.float64), right.astype(np.float64)).min() > closeness


def test_a_graph_computes_the_same_on_any_processor() -> None:
    """The kernels taken for processors whose products could overflow find what the others find."""
    graph = encoder_graph(seen_tower(with_outliers(small_model())), SHAPE)
    ids = [[0, 5, 17, 33, 2], [0, 9, 8, 7, 2]]
    assert np.abs(states(graph, ids, exact="0") - states(graph, ids, exact="1")).max() < 1e-4


def test_every_matrix_uses_the_steps_it_may() -> None:
    """Six matrices a layer are whole numbers, up to 127 or a pair of 128."""
    graph = encoder_graph(seen_tower(small_model()), SHAPE).graph
    whole = [to_array(one).astype(int) for one in graph.initializer if one.name.endswith(".int8")]
    assert len(whole) == 6 * SHAPE.layers
    for matrix in whole:
        pairs = matrix.reshape(-1, 2, matrix.shape[1])
        sums = [np.maximum(sign * pairs, 0).sum(axis=1).max() for sign in (1, -1)]
        assert max(*sums, np.abs(matrix).max()) >= 127


def test_each_token_counts_alike_as_an_input() -> None:
    """A matrix's inputs are those of every token of every text, and no padding."""
    model, tokenizer = small_model(), Tokenizer.from_str(json.dumps(unigram()))
    texts = ["có", "không có không có"]
    with torch.inference_mode():
        read = [model.embeddings(torch.tensor([tokenizer.encode(text).ids]))[0] for text in texts]
    states = torch.cat(read).numpy()
    inputs = watched_inputs(model, tokenizer, texts)["encoder.layer.0.attention.self"]
    assert inputs.products == pytest.approx(states.T @ states / len(states), abs=1e-6)
    assert inputs.largest == pytest.approx(np.abs(states).max(axis=0))


def test_figures_count_any_of_several_answers() -> None:
    """hit@1, MRR and nDCG of two questions, the second with two right passages."""
    scores = np.array([[0.9, 0.1, 0.2], [0.9, 0.8, 0.7]], np.float32)
    gain = (1 / np.log2(3) + 0.5) / (1 + 1 / np.log2(3))
    assert figures(scores, [{0}, {1, 2}]) == Figures(2, 0.5, 0.75, round((1 + gain) / 2, 4))


@pytest.mark.parametrize(
    ("typed", "keys"), [("điều", "ddieeuf"), ("Nghị", "Nghij"), ("được", "dduwowcj"), ("ở", "owr")]
)
def test_telex_leftovers(typed: str, keys: str) -> None:
    """Each mark becomes the key that would have made it."""
    assert telex(typed) == keys


def test_a_wrong_tone_changes_only_marks() -> None:
    """A mistoned syllable has the letters it had."""
    for seed in range(20):
        assert bare(mistoned("trường", random.Random(seed))) == "truong"


def test_a_question_does_not_hold_its_answer() -> None:
    """The year asked for is replaced by the word that asks for it."""
    sentence = "Đại học Thái Nguyên được thành lập vào năm 1994 tại Thái Nguyên."
    asked = {asked_about(sentence, random.Random(seed)) for seed in range(20)}
    questions = {question for question in asked if question.endswith("?")}
    assert questions
    assert all("năm nào" in question and "1994" not in question for question in questions)


def test_numbering_is_not_part_of_a_sentence() -> None:
    """Khoản and Điểm marks go before a sentence is asked about."""
    assert sentences_of("1. Một câu; a) hai câu.\nb) Ba") == ["Một câu;", "hai câu.", "Ba"]


def little_material(tokenizer: Tokenizer, model: BertModel) -> Material:
    """Eight texts and a question about each, in the pieces of the little tokenizer."""
    told = ["có không", "không có", "the of", "of the", "Москва", "có the", "không of", "c a b"]
    texts = sequences(tokenizer, "", told, 12)
    asked = sequences(tokenizer, "", [f"{text} có" for text in told], 12)
    places = np.arange(len(told))
    wrong = np.array([[other for other in places if other != place] for place in places])
    rows = (places[:3], places[3:6], places[6:])
    return Material(asked, texts, places, wrong, vectors(model, texts), rows)


def little_tokenizer() -> Tokenizer:
    """The little tokenizer with the signs at both ends of a text, as the shipped one has."""
    tokenizer = Tokenizer.from_str(json.dumps(unigram()))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def test_lessons_bring_questions_nearer_to_their_texts() -> None:
    """Both losses fall, and word embeddings, which ship in 4 bits, stay as they were."""
    model = small_model()
    words = model.embeddings.word_embeddings.weight.clone()
    from_ = little_material(little_tokenizer(), model)
    interaction = Interaction(torch.randn(8, 64))
    recipe = Recipe(steps=41, batch=2, wrong=4, rate=1e-3, group=2, written=0.4, legal=0.4)
    curve = teach(model, interaction, from_, recipe)
    assert curve[-1][0] < curve[0][0]
    assert curve[-1][1] < curve[0][1]
    assert torch.equal(words, model.embeddings.word_embeddings.weight)


def test_what_is_learnt_is_what_the_search_computes() -> None:
    """The scores of the lessons are, but for their scale, those of index/retrieval/late_interaction.py."""
    torch.manual_seed(3)
    asked, told = torch.randn(1, 5, 16), torch.randn(1, 100, 16)
    interaction = Interaction(torch.randn(8, 16))
    with torch.no_grad():
        interaction.weight.copy_(torch.randn(16))
        words, own = torch.ones(1, 5, dtype=torch.bool), torch.ones(1, 100, dtype=torch.bool)
        score = interaction(asked, words, told, own) / interaction.sharpness.exp()
        projection = Projection(interaction.matrix.numpy(), interaction.weight.numpy(), 0.0)
    query = projection.words(asked[0].numpy())
    found = query.best_window(query.similarity(projection.tokens(told[0].numpy())))
    assert score.item() == pytest.approx(found, abs=0.01)


def test_a_text_that_says_the_same_is_no_wrong_answer() -> None:
    """Among a question's wrong answers its own text and near twins of it come last."""
    bank = torch.nn.functional.normalize(torch.randn(200, 16), dim=1)
    bank[1] = bank[0]
    wrong, near = mined(bank[:1], bank, np.array([0]))
    assert not {0, 1} & set(wrong[0].tolist())
    assert near.tolist() == [True]


def test_the_mean_lies_between() -> None:
    """A quarter of the way from one model to the mean of two others."""
    before, *after = (small_model(seed) for seed in range(3))
    name = "encoder.layer.1.output.dense.weight"
    parts = [model.state_dict()[name].clone() for model in (before, *after)]
    averaged(before, after, 0.25)
    expected = 0.75 * parts[0] + 0.125 * (parts[1] + parts[2])
    assert torch.allclose(before.state_dict()[name], expected, atol=1e-6)


def test_each_written_question_names_a_line_of_the_data() -> None:
    """A question names a line of the training data, by the letter of its file and its number."""
    questions = written_questions()
    assert sum(map(len, questions.values())) > 5000
    assert all(re.fullmatch(r"[LW]\d+", name) for name in questions)


def test_questions_for_a_reader_say_where_the_answer_stands() -> None:
    """Each with offsets in its text, or none; no question is put twice to a text."""
    rows = [
        json.loads(line)
        for line in (Path(__file__).parents[1] / "index" / "training" / "reading.jsonl")
        .read_text("utf-8")
        .splitlines()
    ]
    assert len(rows) >= 4000
    assert len({(row["text"], row["question"]) for row in rows}) == len(rows)
    assert all(0 <= row["answer"][0] < row["answer"][1] for row in rows if "answer" in row)
    assert 0.2 < sum("answer" not in row for row in rows) / len(rows) < 0.35
