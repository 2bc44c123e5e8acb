"""Correct, ordinary answers pass every check: a false alarm costs a call of the large model."""

import pytest

from agent.cascade.verify import Answer, Basis, verify

ORDINARY = [
    ("Hi there!", "Hello! How can I help you today?"),
    ("Thanks", "You're welcome."),
    ("ok", "👍"),
    ("Is it raining?", "Yes"),
    ("What is 2 + 2?", "4"),
    (
        "What do you think of the new logo?",
        "I like it: the colours are calmer, and the shape reads well when small.",
    ),
    ("When is the stand-up?", "It is at 10:30 in room 4-12, and it ends at 10:45."),
    ("When was it released?", "Version 3.11 came out on 2022-10-24, and 3.11.4 in June 2023."),
    ("What's the number of the desk?", "Call +49 30 555-1234, extension 17, between 9-17 h."),
    ("How long does it take?", "Usually 5-7 business days, or 2–3 with express shipping."),
    ("How much flour?", "Take 1/2 cup of flour, 1 1/2 tsp of baking powder and 3/4 cup of milk."),
    ("How did they play?", "They won 2-1 at home and lost 0-3 away, so it is 2-4 over both legs."),
    ("Who wrote it?", "Ada Lovelace (1815-1852) wrote the notes in 1843."),
    ("What is the aspect ratio?", "It is 16:9, which is 1920x1080 or 1280 x 720."),
    ("What does the lease say?", "See §12(3) and clause 4.2.1, page 17/40."),
    ("How do I install it?", "1. Download the file.\n2. Run `make install`.\n3. Restart the service."),
    ("List three fruits", "- apples\n- pears\n- plums"),
    ("Compare them", "| name | price |\n| --- | --- |\n| A | $5 |\n| B | $7 |"),
    (
        "Write a function",
        "```python\ndef double(x):\n    total = x * 2\n    assert 1 + 1 == 2\n    return total\n```",
    ),
    ("What does x hold then?", "After the loop, `x = x + 1` has run, so x = 6."),
    ("Solve 3x = 30", "Divide both sides by 3: 3x / 3 = 30 / 3, so x = 10."),
    ("Solve x + 4 = 10", "x + 4 = 10\nx = 10 - 4\nx = 6"),
    ("Convert 5 km", "5 km = 5000 m = 500,000 cm."),
    ("How tall is that?", "6 ft 2 in = 74 in, or about 1.88 m."),
    ("How long in total?", "1 hour 30 minutes + 45 minutes = 2 hours 15 minutes."),
    ("What is 15% of 80?", "15% of 80 = 12."),
    ("Add 20% to 50", "50 + 20% = 60"),
    ("What share is it?", "12 / 48 = 25%"),
    ("What is a third of 10?", "10 / 3 = 3.33, or 3 1/3."),
    ("What is 22/7?", "22 / 7 ≈ 3.14"),
    ("How many buses?", "100 / 30 is about 3.3, so you need 4 buses: 100 / 30 ≈ 4."),
    ("Divide 17 by 5", "17 / 5 = 3 remainder 2"),
    ("The bill?", "$1,234.50 + $65.50 = $1,300.00"),
    ("20 stamps at 45 cents?", "20 * 45 cents = $9.00"),
    ("Wie viel ist das?", "1.234,50 € + 65,50 € = 1.300,00 €"),
    ("Area?", "12 m × 3 m = 36 m²"),
    ("Half a litre in ml?", "0.5 L × 1000 = 500 mL"),
    ("What is 2 to the 10th?", "2^10 = 1024 and 2**3 = 8."),
    ("Show it in LaTeX", r"\(12 \times 3 = 36\) and \frac{1}{2} + \frac{1}{4} = \frac{3}{4}"),
    ("What is 10 in binary?", "In binary, 1 + 1 = 10."),
    ("Clock arithmetic?", "Modulo 12, 9 + 5 = 2."),
    ("Power use?", "900 watts * 5 hours = 4500 watt-hours = 4.5 kWh."),
    ("Temperature?", "It fell from 5 to -3 degrees, so 5 - (-3) = 8 degrees."),
    ("What did he say?", "He said: “I cannot help you”, and left the room."),
    ("Will it rain?", "It will probably rain in the afternoon. Take an umbrella: the forecast says 80 %."),
    ("Should I use A or B?", "It depends on your budget. A is cheaper at $5 a month. B has better support."),
    ("¿Qué hora es?", "Son las 10:30."),
    (
        "Wie heißt die Hauptstadt von Frankreich?",
        "Die Hauptstadt von Frankreich ist Paris, und die Stadt ist sehr alt.",
    ),
    ("日本の首都は?", "日本の首都は東京です。"),
    (
        "Translate 'good morning' to French",
        "« Bonjour » est la traduction de cette salutation dans la langue.",
    ),
    ("Who is there?", "Alice, Bob and Carol :)"),
    ("Give me a haiku", "old silent pond\na frog jumps into the pond\nsplash! silence again"),
    ("Link?", "Here you go: https://example.org/a?b=1+2=4&c=(x"),
    ("What is new?", "Three things:\n\n* faster start (2x)\n* fewer bugs\n* a new logo"),
    ("Map (a, b)?", "f: (a, b) -> a + b"),
    ("Score so far?", "3 + 4 = 7, 7 - 2 = 5 and (5 + 1) * 2 = 12."),
    ("Growth?", "Revenue grew from $4 million to $5 million, that is (5 - 4) / 4 = 25%."),
    ("Split 100?", "100/3 = 33.3 each, 3 * 33.33 = 99.99"),
]


@pytest.mark.parametrize(("question", "text"), ORDINARY, ids=[question for question, _ in ORDINARY])
def test_ordinary_answer_passes_every_check(question: str, text: str) -> None:
    verdict = verify(Answer(text, finish_reason="stop"), Basis(question))

    assert verdict.failed == ()


GROUNDED = [
    "The warranty lasts 24 months [1].",
    "You pay $40 plus $35 an hour, so two hours cost $110 [2].",
    "The document says “the warranty lasts 24 months from delivery” [1].",
    "It lasts two years, that is 24 months [1], and a visit costs $40 [2].",
    "There are 3 things to know: the term, the price and the number to call.",
    "Both [1, 2] say so.",
    "See the [manual](https://example.org) and item [1].",
    "In Python, `values[10]` is the eleventh element.",
]


@pytest.mark.parametrize("text", GROUNDED)
def test_answer_that_keeps_to_its_passages_passes(text: str) -> None:
    passages = (
        "The warranty lasts 24 months from delivery.",
        "A visit costs $40, plus $35 per hour or part thereof.",
    )

    verdict = verify(
        Answer(text), Basis("How long is the warranty, and what are 2 hours?", passages=passages)
    )

    assert verdict.failed == ()
