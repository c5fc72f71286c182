"""Words that duties, requirements and offers begin with. They show where a line begins in a text whose bullets are lost."""

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VERBS: Final = _words(
    """
    Act Advise Agree Analyse Assist Attend Automate Build Buy Carry Champion Check Coach Collaborate Collect
    Communicate Conduct Configure Contribute Coordinate Create Define Deliver Deploy Design Develop Diagnose
    Document Draw Engage Ensure Establish Evaluate Explore Facilitate Find Gather Help Identify Implement
    Improve Install Investigate Keep Lead Liaise Maintain Make Manage Map Mentor Migrate Model Monitor Move
    Negotiate Organise Oversee Participate Perform Plan Prepare Present Prioritise Produce Promote Prototype
    Provide Publish Regularly Report Represent Resolve Review Run Set Shape Staying Supervise Support Take Test
    Track Train Translate Troubleshoot Understand Undertake Update Use Validate Write Work
    """
)
GERUNDS: Final = _words(
    """
    Advising Analysing Automating Building Coaching Contributing Creating Defining Delivering Designing
    Developing Documenting Ensuring Facilitating Identifying Implementing Improving Keeping Leading Maintaining
    Managing Mentoring Modelling Monitoring Preparing Producing Providing Reporting Resolving Running Staying
    Supporting Testing Tracking Training Undertaking Working Writing
    """
)
QUALITIES: Final = _words(
    """
    Ability Able Awareness Competent Confident Demonstrable Effective Evidence Excellent Experience Experienced
    Expertise Familiarity Flexible Good Knowledge Proficiency Proficient Proven Skilled Strong Substantial
    Understanding Track Willingness Membership
    """
)
PHRASES: Final = (
    r"You(?:['’]ll| will| have| are| can| know| write| need)\b",
    r"We (?:offer|provide|give)\b",
    r"A (?:degree|portfolio|good|strong|proven|generous|certificate|qualification|season ticket)\b",
    r"An (?:understanding|excellent|ability|interest)\b",
    r"Local Government Pension\b",
    r"(?:Flexible|Hybrid),? (?:and |, )?\w+",
    r"At least\b",
)
