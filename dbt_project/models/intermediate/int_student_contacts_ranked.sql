with
links as (
    select * from {{ ref('stg_plus360__student_contacts') }}
),

codes as (
    select * from {{ ref('int_codes') }}
),

keyed as (
    select
        links.*,
        coalesce(relations.value, links.relation_code) as relation,
        relations.code is not null as has_known_relation,
        {{ quarantine_reason(['student_id', 'contact_id', 'contact_type']) }} as quarantine_reason
    from links
    left join codes as relations on relations.code_set = 'relation' and links.relation_code = relations.code
),

final as (
    select
        keyed.*,
        -- Who is called first among the guardians, or the emergency contacts, of one student.
        case
            when quarantine_reason is null
                then row_number() over (
                    partition by student_id, contact_type, quarantine_reason is null
                    order by
                        -- 99 marks a duplicate: last of all.
                        contact_priority is not distinct from 99 asc,
                        contact_priority asc nulls last,
                        is_living_with desc nulls last,
                        is_legal_guardian desc nulls last,
                        contact_id asc
                )
        end as contact_rank,
        case
            when quarantine_reason is null and contact_priority is not null
                then count(*) over (
                    partition by student_id, contact_type, contact_priority, quarantine_reason is null
                ) > 1
            else false
        end as shares_priority
    from keyed
)

select * from final
