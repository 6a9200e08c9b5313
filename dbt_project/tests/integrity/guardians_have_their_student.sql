{#- A guardian whose student is not in students.csv would not be loaded. -#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'guardians.csv has a guardian whose student is not in students.csv'}
) }}

select count(*) as guardians
from {{ ref('import_guardians') }} as guardians
anti join {{ ref('import_students') }} as students on guardians.student_id = students.student_id
having count(*) > 0
