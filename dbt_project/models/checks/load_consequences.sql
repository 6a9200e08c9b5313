{#-
What a held load explains: entering these guardians again by hand would make duplicates of them. A student who had no
guardian in the last load either is not among them, so a fault that was there before stays in the lists.
A view, and without the name of a database, as failing_values is.
-#}
{{ config(materialized='view') }}

with
failures as (
    select * from {{ ref('check_failures').include(database=false) }} where check_id = 'students__guardian__required'
),

students as (
    select * from {{ ref('load_students').include(database=false) }} where guardians_before > 0 and guardians = 0
),

holds as (
    select * from {{ ref('load_holds').include(database=false) }}
    where
        level = 'hold'
        and rule in (
            'load__guardians__deleted',
            'load__students__without_guardian',
            'load__schools__concentrated',
            'load__deletions__cumulative'
        )
),

final as (
    select
        failures.check_id,
        failures.position
    from failures
    semi join students on failures.record_key = students.student_id
    where exists (select 1 from holds)
)

select * from final
