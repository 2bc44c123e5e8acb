"""Which questions need the screen, in the words people use."""

import pytest

from agent.screen.pointing import points_at_screen

POINTING = """
What does the error say?
what's on my screen
What is on the screen right now?
Can you see my screen?
can you see this?
What do you see?
Read it.
Read this out loud, please.
read me the error
Could you read the second paragraph?
What does this page say?
What does it say?
What does this mean?
What is this?
What's wrong here?
Why do I get this error?
I'm getting an error, what should I do?
What’s the warning about?
What is the error message?
Look at this.
Take a look at line twelve.
Have a look please
Explain this code.
Summarize this page
summarise what I'm showing you
Translate this for me
Which button should I press?
Where do I click?
What does the red button mean?
What is the number in the top right?
What's in the lower left corner?
Describe the chart.
What does the chart show?
How much does this table say we owe?
What am I looking at?
Parley, what do you think of this slide?
Is that dialog dangerous?
Who wrote that message?
What's written there?
What is highlighted?
What's on the slide?
Can you make out the title?
Do you notice anything odd?
Fix this function
what is wrong with this
What is on Ann's screen?
what does the dialog on the left say
""".strip().splitlines()

NOT_POINTING = """
What is the refund period?
How do I sign in?
When are your support hours?
Which plan includes support?
How long do you keep our data?
Tell me a joke.
Thank you, that's all.
See you later!
I see.
Let me see.
I see what you mean.
Hello, how are you?
What does that mean?
Explain that again.
Can you repeat the last answer?
What's the price of the team plan?
How much does it cost?
Do you have a phone number?
Who are you?
What can you do?
Can you hear me?
Stop.
Do we get a refund when we cancel early?
Does the free plan include email support?
How many people can be in a room?
What happens to my data when I close my account?
Is there a discount for schools?
What's the time?
At the right time we should upgrade.
Remind me of the refund policy
""".strip().splitlines()


@pytest.mark.parametrize("question", POINTING)
def test_a_question_about_what_is_to_be_seen_points_at_the_screen(question: str) -> None:
    assert points_at_screen(question)


@pytest.mark.parametrize("question", NOT_POINTING)
def test_a_question_about_anything_else_does_not(question: str) -> None:
    assert not points_at_screen(question)
