from livekit.agents import llm

from agent.evidence import PASSAGES_KEY, last_question, visible, with_evidence
from agent.wire import Passage

REFUNDS = Passage(document="doc_1", title="Refunds", text="Within 30 days.", score=1.0)


def conversation() -> llm.ChatContext:
    context = llm.ChatContext.empty()
    context.add_message(role="system", content="Be brief.")
    context.add_message(role="user", content="hello")
    context.add_message(role="assistant", content="hi")
    context.add_message(role="user", content="what is the refund period")
    return context


def messages(context: llm.ChatContext) -> list[llm.ChatMessage]:
    return [item for item in context.items if isinstance(item, llm.ChatMessage)]


def test_the_last_user_message_is_the_question() -> None:
    question = last_question(conversation())
    assert question is not None
    assert question.text_content == "what is the refund period"


def test_a_context_without_user_messages_has_no_question() -> None:
    assert last_question(llm.ChatContext.empty()) is None


def test_passages_stand_right_before_the_question_as_a_user_message() -> None:
    context = conversation()
    question = last_question(context)
    assert question is not None
    grounded = messages(with_evidence(context, question, [REFUNDS], None))
    assert grounded[-1].id == question.id
    assert grounded[-2].role == "user"
    assert "[1] Refunds: Within 30 days." in (grounded[-2].text_content or "")
    assert grounded[-2].extra[PASSAGES_KEY] == [
        {"title": "Refunds", "text": "Within 30 days.", "document": "doc_1"}
    ]


def test_the_history_itself_is_left_as_it_was() -> None:
    context = conversation()
    question = last_question(context)
    assert question is not None
    with_evidence(context, question, [REFUNDS], llm.ImageContent(image="data:image/png;base64,AA=="))
    assert len(context.items) == 4
    assert question.content == ["what is the refund period"]


def test_the_image_goes_beside_the_text_of_the_question() -> None:
    context = conversation()
    question = last_question(context)
    assert question is not None
    image = llm.ImageContent(image="data:image/png;base64,AA==")
    grounded = messages(with_evidence(context, question, [], image))
    assert grounded[-1].content == ["what is the refund period", image]


def test_characters_that_nobody_can_see_are_taken_out_of_quotations() -> None:
    assert visible("re\u200bfund\u202e\U000e0041 now\n") == "refund now\n"
