{#- Of a link with one label twice, whose it is may be unknown: the checks of its ids hold as well. -#}
with
facts as (
    {{ link_facts() }}
),

checked as (
    select
        {{ record_key(['student_id', 'contact_id', 'contact_type']) }} as record_key,
        school_id,
        position,
        case
            when is_duplicate
                then [{{ failing('student_contacts__link__unique', 'link records', 'contact_id',
                    'true', 'duplicate_key') }}]
            else [
                {{ failing('student_contacts__labels__unique', 'links', 'labels',
                    'has_duplicate_label', 'duplicate_label') }},
                {{ failing('student_contacts__student_id__exists', 'links', 'student_id', 'not has_student',
                    "case when student_id is null then 'blank' else 'not_found' end") }},
                {{ failing('student_contacts__contact_id__exists', 'links', 'contact_id', 'not has_contact',
                    "case when contact_id is null then 'blank' else 'not_found' end") }},
                {{ failing('student_contacts__contact_type__accepted', 'links', 'contact_type',
                    "contact_type is null or contact_type not in ('P', 'M', 'G', 'C', 'O')",
                    "case when contact_type is null then 'blank' else 'not_in_list' end") }},
                {{ failing('student_contacts__relation__required', 'guardian links', 'relation',
                    'relation_code is null', 'blank') }},
                {{ failing('student_contacts__relation__accepted', 'links', 'relation',
                    'relation_code is not null and not has_known_relation', 'not_in_list') }},
                {{ failing('student_contacts__guardian__has_rights', 'guardian links', 'guardian',
                    'not has_rights and has_any_rights_sent', 'no_rights') }},
                {{ failing('student_contacts__priority__plausible', 'guardian links', 'contact_priority',
                    'contact_priority = 99 or shares_priority',
                    "case when contact_priority = 99 then 'set_to_99' else 'shared' end") }}
            ]
        end as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select * from final
