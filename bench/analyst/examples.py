"""What the questions look for in a district that is there."""

from __future__ import annotations

from qa.analyst import District


def examples(d: District) -> dict[str, str]:
    """What the questions look for: a student with a guardian's phone, and a pseudonym of the report."""
    found = d.sql("""
        select
            any_value(students.student_id) as student,
            any_value(left(students.last_name, 6) || ' ' || left(students.first_name, 3)) as name,
            any_value(year(students.birth_date)::varchar) as born,
            any_value(contact_phones.phone_number) as phone
        from students
        inner join student_contacts using (student_id)
        inner join contact_phones using (contact_id)
        where contact_phones.phone_number is not null and students.birth_date is not null
        group by students.student_id
        order by students.student_id
        limit 1
    """).iloc[0]
    pseudonym = d.sql("select min(pseudonym) as pseudonym from raw_store.history.pseudonyms")
    runs = d.nights()["run_id"].tolist()
    return {
        **{name: str(value) for name, value in found.items()},
        "pseudonym": str(pseudonym.iloc[0, 0]),
        "before": runs[1],
        "after": runs[0],
    }
