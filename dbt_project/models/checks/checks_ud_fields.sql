with
facts as (
    {{ ud_field_facts() }}
),

checked as (
    select
        {{ record_key(['student_id']) }} as record_key,
        cast(null as varchar) as school_id,
        position,
        [
            {{ failing('ud_fields__labels__unique', 'district-defined field records', 'labels',
                'has_duplicate_label', 'duplicate_label') }},
            {{ failing('ud_fields__record__kept', 'district-defined field records', 'student_id',
                'is_duplicate', 'duplicate_key') }},
            {{ failing('ud_fields__student_id__exists', 'records of district-defined fields', 'student_id',
                'not has_student',
                "case when student_id is null then 'blank' else 'not_found' end") }}
        ] as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select * from final
