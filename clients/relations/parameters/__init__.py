from clients.file.models import Grade
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import listing, mapping, one_of, whole

KINDS = ("visit", "call", "meeting", "online", "email", "wechat", "forum", "hearing", "dialogue")

register(
    __file__,
    {
        "interaction.rules": mapping(
            {
                "correct_days": whole(0, 90),
                "back_days": whole(1, 3660),
                "participants": whole(1, 500),
                "promises": whole(1, 100),
            }
        ),
        "interaction.minutes": mapping({"workdays": whole(1, 30), "kinds": listing(one_of(KINDS), least=0)}),
        "contact.plan": mapping(
            {
                "every_days": mapping(dict.fromkeys((*Grade.values, "none"), whole(1, 366))),
                "kinds": listing(one_of(KINDS)),
                "call_minutes": whole(0, 120),
                "workdays": whole(1, 30),
            }
        ),
    },
)
