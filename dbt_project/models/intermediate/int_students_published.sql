{{ config(materialized='ephemeral') }}

{{ published_rows('stg_baseline__students', 'students.csv', 'student_fields') }}
