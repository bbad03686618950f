"""Using a page with nothing but the keyboard: whatever cannot be reached by Tab fails the test."""

from playwright.sync_api import Locator, Page

FAR = 150  # more presses than any page has stops


def reach(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    target.wait_for()
    for _ in range(FAR):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach `target` and press a key on it."""
    reach(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Reach a text field and type into it, over what stands there."""
    reach(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, label: str) -> None:
    """Reach a list of choices and go down to the one with this label."""
    reach(page, target)
    for _ in range(FAR):
        if target.evaluate("list => list.options[list.selectedIndex].text") == label:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {label!r}")


def enter_day(page: Page, target: Locator, day: str) -> None:
    """Reach a date field and type a day, given as year-month-day, in the browser's own order of month, day and year."""
    year, month, date = day.split("-")
    reach(page, target)
    page.keyboard.type(f"{month}{date}{year}")
    assert target.input_value() == day
