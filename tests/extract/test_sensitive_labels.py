"""Which labels are never stored, in which spellings, and which ordinary labels only look like them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import read_page
from extract.api.sensitive_labels import is_sensitive

SENSITIVE_LABELS = [
    "taxid", "apikey", "userpass", "webpass", "pinno", "lunchpinnbr", "tokenvalue", "mytokenid",
    "securityquestion",
    "studentssnnumber", "webpwdhash", "pw", "webPw", "logonid", "lockerCode", "credentials", "motherssnno",
    "ssn", "SSN", "stu_ssn", "studentSSN", "ssnLast4", "SSN_LAST_4", "ssnlast4", "ssn-last-4", "ssn_number",
    "SSNnumber", "parentSsnMasked", "ssn2", "SSNo", "socSecNo", "SOC_SEC_NO", "socsecno",
    "socialSecurityNumber", "Social_Security_No", "social security number", "ssNumber", "SS_NUM", "taxId",
    "password", "Password", "PASSWORD", "webPassword", "WEB_PASSWORD", "networkPassword", "networkpassword",
    "userPassword", "passwordHash", "passWord", "pwd", "userPwd", "USERPWD", "pwdHash", "pswd", "passwd",
    "passCode", "pass_code", "passphrase", "userPass", "login", "userLogin", "USER_LOGIN", "userlogin",
    "webLogin", "loginId", "login-id", "LOGIN_ID", "loginid", "loginName", "logIn", "logon", "userName",
    "username", "USER_NAME", "lockerCombo", "lockerCombination", "LOCKER_COMBINATION", "lockercombo",
    "combination", "combo2", "pin", "PIN", "pinCode", "pin_code", "pincode", "pinNumber", "pinnumber",
    "lunchPin", "LUNCH_PIN", "studentPin", "mailingPin", "pins", "medicaidId", "MEDICAID_ID",
    "medicaidNumber", "medicaid_no", "medicaidid", "studentMedicaid", "CONTACT_KEY", "contactKey",
    "contactkey", "ONBOARD_TOKEN", "onboardToken", "onboardtoken", "token", "accessToken", "access_key",
    "apiKey", "secret", "clientSecret", "clientsecret", "secrets", "securityQuestion", "SECURITY_ANSWER",
]  # fmt: skip

ORDINARY_LABELS = [
    "classNumber", "lessonNumber", "opinionated", "passNo", "webPage", "upward",
    "shippingAddress", "mappingCode", "pinnacle", "opinion", "spin", "shoppingPlan", "typing", "campingFee",
    "passing", "passFail", "busPass", "hallPass", "compass", "passport", "passed", "loginless", "catalog",
    "logInfo", "dialogInfo", "classNumber", "CLASSNUMBER", "classNo", "class_no", "missing", "lesson",
    "lessonNumber", "session", "sessionNo", "businessName", "fitnessNote", "crossName", "passengerName",
    "secretary", "secretaryName", "secretariat", "tokenized", "combined", "combinedGpa", "combust",
    "contactId", "contactType", "key", "webAccess", "locker", "lockerNumber", "medical", "medicalAlert",
    "pinkSlip", "usefulName", "userId", "socialStudies", "socialWorker", "security", "signInDate",
    "taxDistrict", "studentId", "stateReportId", "firstName", "changeDateTime", "emailPreference", "", " ",
    "123", "schoolSN",
]  # fmt: skip


def strip_sensitive(page):
    """What lands of a page, and the labels that were removed."""
    read = read_page(page, "Student", OrdinaryPages())
    return read.content, read.stripped


@pytest.mark.parametrize("label", SENSITIVE_LABELS)
def test_it_is_never_stored(label):
    page = json.dumps([{"a": 1, label: "CANARY", "b": 2}, {"in": {label: ["CANARY"]}}]).encode()
    cleaned, stripped = strip_sensitive(page)
    assert json.loads(cleaned) == [{"a": 1, "b": 2}, {"in": {}}]
    assert stripped == {label}


@pytest.mark.parametrize("label", ORDINARY_LABELS)
def test_it_only_looks_like_one(label):
    page = json.dumps([{"a": 1, label: "ssn password"}]).encode()
    assert strip_sensitive(page) == (page, frozenset())


_SEPARATORS = st.sampled_from(["", "_", "-", " ", ".", "2", "_1_"])
_WORDS = st.sampled_from(
    [
        "ssn", "SSN", "Ssn", "pin", "pass", "word", "code", "login", "log", "in", "user", "name", "social",
        "sec", "stu", "class", "Number", "ID", "key", "contact", "tokens", "é", "x",
    ]
)  # fmt: skip


@given(
    st.lists(st.tuples(_WORDS, _SEPARATORS), min_size=1, max_size=4),
    st.sampled_from(["as it is", "ASCII", "escaped"]),
)
def test_the_fast_search_misses_no_label_that_the_words_would_match(parts, layout):
    label = "".join(word + separator for word, separator in parts)
    text = json.dumps([{label: "x"}], ensure_ascii=layout == "ASCII")
    if layout == "escaped":
        text = re.sub("[a-wyz]", lambda letter: f"\\u{ord(letter.group()):04x}", text, count=1)
    _, stripped = strip_sensitive(text.encode())
    assert stripped == ({label} if is_sensitive(label) else frozenset())
