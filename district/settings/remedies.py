"""What to write instead, for each key of districts.toml that can't be used."""

from district.endpoints import BY_NAME

# What to write instead, for each key; a key without a line here would get an unhelpful message.
REMEDIES = {
    "name": 'write the district\'s name in quotes, such as name = "Grand Bend ISD"',
    "base_url": "write the https:// address from PowerSchool, such as "
    '"https://hac.district.org/plus360api/v1/abc/", '
    "without user, password or query",
    "sis_url": "write the https:// address at which the district's staff open eSchoolPLUS, up to the part "
    'before /Student, such as "https://esp.district.org/eSchoolPLUS/", or leave it out',
    "consumer_key": 'copy the Consumer Key from the API Profile, such as "OneRoster_ABC_123"',
    "endpoint_path": "leave it out, or write a relative path with {endpoint} in it, such as "
    '"eSchoolPLUS/{endpoint}"',
    "page_size": "write a whole number from 1 to 10000 (default 1000)",
    "connections": "write a whole number from 1 to 64 (default 4)",
    "hours": 'write when a pull may start, by the district\'s clock (time_zone), such as "20:00-05:00", or '
    "leave it out for any time",
    "proxy": 'write the address of the proxy, such as "http://proxy.district.org:3128", or "none" for none; '
    "user and password go into the variable HTTPS_PROXY",
    "ca_bundle": "write the path of a PEM file that exists, or leave it out",
    "signature_method": 'write "HMAC-SHA1" or "HMAC-SHA256", as in the API Profile',
    "fall_threshold": "write a number from 0 to 1 (default 0.2: a drop of 20% stops the nightly run)",
    "time_budget_seconds": "write a number of seconds from 1 to 86400 (default 3600)",
    "run_budget_seconds": "write a number of seconds from 1 to 86400 (default 14400: a nightly run that "
    "takes longer is ended)",
    "disabled": "write true (it is not run and not shown as missing) or false",
    "time_zone": 'write the name of the district\'s time zone, such as "America/Chicago", or leave it out '
    "for that of this machine",
    "run_days": 'write the days whose evening or night a run is due, such as ["Mon", "Tue", "Wed", "Thu", '
    '"Fri"] (default: every day)',
    "holidays": 'write the days whose night no run is due, such as ["2026-12-25", "2026-12-21..2027-01-01"]',
    "notify": "write a list of Apprise addresses with {secret} where a password or token belongs, such as "
    '["mailtos://user:{secret}@smtp.example.com?to=sis@district.org"]; the secret itself goes where the '
    "consumer secret is (docs/operations.md)",
    "notebooks": "write the paths of notebooks that exist, relative to this file, each with a name of its "
    'own, such as ["notebooks/weekly.ipynb"]',
    "delivery": "write a table [districts.<key>.delivery] with sftp, host_key and private_key_file",
    "delivery.sftp": 'write the address of the folder, such as "sftp://user@sftp.example.com/imports", '
    "without a password: that goes where the consumer secret is (docs/operations.md)",
    "delivery.host_key": 'write the public key of the server, such as "ssh-ed25519 AAAA..."',
    "delivery.private_key_file": "write the path of a private key that exists, or leave it out and use a "
    "password",
    "layout": 'write "standard", "students_only" or "building_irn", as the special-programs system expects',
    "departed_students": 'write "inactive" (sent as INACTIVE for a while) or "omit" (left out at once)',
    "departed_runs": "write a whole number from 1 to 365 (default 14: the published nightly runs in "
    "which a student who left is sent as INACTIVE)",
    "carry_nights": "write a whole number from 1 to 365 (default 14: after so many nightly runs a "
    "record that is kept as last loaded is reported as new again)",
    "rollover": "write the first and the last day of the summer rollover as MM-DD, such as "
    '["06-15", "09-15"], or [] for none',
    "load_limits": "write a rule and its limits, such as { load__guardians__deleted = { share = 0.2 } }; "
    "dbt_project/seeds/load_limits.csv has the rules, and share (0 to 1), floor and cap can be changed",
    "enrollment_status": "write pairs of the district's code and one of PRE_ENROLLED, ENROLLED, "
    "TRANSFERRED, WITHDREW, "
    'DROPPED_OUT, GRADUATED, INACTIVE, HISTORICAL_IDLE, such as { A = "ENROLLED" }',
    "grades": 'write a list of grade codes, such as ["PK", "KF", "01"]',
    "gender": 'write pairs of the district\'s code and M or F, such as { "1" = "M" }',
    "relations": 'write pairs of code and relation, such as { MO = "Mother" }',
    "phone_types": 'write pairs of code and phone type, such as { H = "home" }',
    "label_synonyms": "write pairs of endpoint and field, and a list of labels, such as "
    '{ "Student.birth_date" = ["dob"] }; endpoints are ' + ", ".join(BY_NAME),
}

# The same for the table [fleet].
FLEET_REMEDIES = {
    "notify": REMEDIES["notify"],
    "ping": 'write the https:// address that is told when a run starts and ends, such as "https://hc-ping.com/..."',
    "parquet": "write true or false",
}
