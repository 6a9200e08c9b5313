{#- What a check's failures are counted against: the population's name, the rows it is in, and which of them. -#}
{% macro populations() %}
    {{ return({
        'import files': ('files', 'true'),
        'loads compared with the last one': ('load_totals', "file = 'students.csv' and effect = 'before' and records > 0"),
        'endpoints': ('pulls', 'true'),
        'endpoints compared with the last published run': ('pulls', 'rows_before is not null'),
        'fields sent or expected': ('labels', 'true'),
        'school records': ('schools', 'true'),
        'schools': ('schools', 'not is_duplicate'),
        'student records': ('students', 'true'),
        'students': ('students', 'not is_duplicate'),
        'enrolled students': ('students', 'not is_duplicate and is_enrolled'),
        'students with a guardian': ('students', 'not is_duplicate and has_guardian'),
        'contact records': ('contacts', 'true'),
        'contacts': ('contacts', 'not is_duplicate'),
        'guardians': ('contacts', 'not is_duplicate and is_guardian'),
        'link records': ('links', 'true'),
        'links': ('links', 'not is_duplicate'),
        'guardian links': ('links', "not is_duplicate and contact_type = 'G'"),
        'addresses': ('addresses', 'not is_duplicate'),
        'addresses of students and guardians': ('addresses', 'not is_duplicate and is_of_student_or_guardian'),
        'phone records': ('phones', 'true'),
        'phones': ('phones', 'not is_duplicate'),
        'district-defined field records': ('ud_fields', 'true'),
        'records of district-defined fields': ('ud_fields', 'not is_duplicate'),
    }) }}
{% endmacro %}
