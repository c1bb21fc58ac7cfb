"""What a password must be beside long (rules 7.4: three of four classes)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())


class ThreeClassesValidator:
    """Lower case, upper case, figures, signs: at least three of the four."""

    def validate(self, password: str, user: object = None) -> None:
        if sum(any(map(is_in, password)) for is_in in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _("Use at least three of: lower case, upper case, digits, symbols.")
