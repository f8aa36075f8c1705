"""A page of this machine, shown in the person's browser."""

import webbrowser


def open_page(url: str) -> bool:
    """Opens the page where there is a browser with windows; one in the terminal would be in the way."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return type(browser) is not webbrowser.GenericBrowser and browser.open(url)
