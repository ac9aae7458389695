"""A headless Chromium for the tests of the pages."""

import shutil
from contextlib import contextmanager

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


@contextmanager
def open_browser(language="id", width=1280, height=1000):
    """A browser that asks for pages in that language; whatever it wrote into its console at the end fails the test."""
    options = Options()
    options.binary_location = shutil.which("chromium") or pytest.fail("chromium is missing")
    for argument in (
        "--headless=new",
        # The tests run as root in containers; the pages are the service's own.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-proxy-server",
        f"--lang={language}",
        f"--window-size={width},{height}",
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield browser
        complaints = console(browser)
        if complaints:
            pytest.fail("\n".join(complaints))
    finally:
        browser.quit()


def console(browser):
    """What the browser complained about since it was last asked."""
    return [entry["message"] for entry in browser.get_log("browser")]
