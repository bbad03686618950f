"""What WTForms says by itself, written here so that our catalogue holds it and Danish pages stay Danish.

The two functions only mark texts for the collection; `formfields` hands the messages to the catalogue.
"""


def gettext(text: str) -> str:
    return text


def ngettext(one: str, many: str) -> tuple[str, str]:
    return one, many


MESSAGES = (
    gettext("CSRF failed."),
    gettext("CSRF token expired."),
    gettext("CSRF token missing."),
    gettext("Choices cannot be None."),
    gettext("Date must be at least %(min)s."),
    gettext("Date must be at most %(max)s."),
    gettext("Date must be between %(min)s and %(max)s."),
    gettext("Field must be between %(min)d and %(max)d characters long."),
    gettext("Field must be equal to %(other_name)s."),
    gettext("Invalid CSRF Token."),
    gettext("Invalid Choice: could not coerce."),
    gettext("Invalid IP address."),
    gettext("Invalid Mac address."),
    gettext("Invalid URL."),
    gettext("Invalid UUID."),
    gettext("Invalid choice(s): one or more data inputs could not be coerced."),
    gettext("Invalid email address."),
    gettext("Invalid field name '%s'."),
    gettext("Invalid input."),
    gettext("Invalid value, can't be any of: %(values)s."),
    gettext("Invalid value, must be one of: %(values)s."),
    gettext("Not a valid choice."),
    gettext("Not a valid date value."),
    gettext("Not a valid datetime value."),
    gettext("Not a valid decimal value."),
    gettext("Not a valid float value."),
    gettext("Not a valid integer value."),
    gettext("Not a valid time value."),
    gettext("Not a valid week value."),
    gettext("Number must be at least %(min)s."),
    gettext("Number must be at most %(max)s."),
    gettext("Number must be between %(min)s and %(max)s."),
    gettext("This field cannot be edited."),
    gettext("This field is disabled and cannot have a value."),
    gettext("This field is required."),
)
PLURALS = (
    ngettext("'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field."),
    ngettext("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."),
    ngettext("Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."),
    ngettext("Field must be exactly %(max)d character long.", "Field must be exactly %(max)d characters long."),
)
