{{ config(materialized='ephemeral') }}

{{ published_rows('stg_baseline__guardians', 'guardians.csv', 'guardian_fields') }}
