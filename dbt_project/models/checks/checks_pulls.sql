with
pulls as (
    select * from {{ source('plus360', 'pulls') }}
),

nights as (
    select * from {{ source('history', 'nights') }}
),

labels as (
    select * from {{ ref('stg_plus360__labels') }}
),

field_labels as (
    select * from {{ ref('field_labels') }}
),

endpoints as (
    select unnest({{ endpoints().keys() | list }}) as endpoint
),

tonight as (
    select
        endpoints.endpoint,
        pulls.state,
        pulls.rows,
        coalesce(pulls.state in ('complete', 'unreconciled'), false) as has_come
    from endpoints
    left join pulls on endpoints.endpoint = pulls.endpoint and pulls.run_id = {{ this_run() }}
),

-- The rows of the last published night: of its pulls, or, when these are gone, of its marts.
before as (
    select
        compared.endpoint,
        coalesce(pulls.rows, try_cast(nights.counts ->> compared.mart as bigint)) as rows
    from nights
    cross join (
        values
        ('Student', 'students'),
        ('Contact', 'contacts'),
        ('StudentContact', 'student_contacts'),
        ('ContactAddress', 'contact_addresses'),
        ('ContactPhone', 'contact_phones')
    ) as compared (endpoint, mart)
    left join pulls on compared.endpoint = pulls.endpoint and nights.run_id = pulls.run_id
    where nights.run_id = {{ last_published_run() }}
),

final as (
    select
        'pull__endpoints__complete' as check_id,
        endpoint as field,
        coalesce(state, 'not_pulled') as reason
    from tonight
    where not has_come
    union all
    select
        'pull__rows__reconciled' as check_id,
        endpoint as field,
        state as reason
    from tonight
    where state = 'unreconciled'
    union all
    select
        'pull__rows__stable' as check_id,
        tonight.endpoint as field,
        'fell' as reason
    from tonight
    inner join before on tonight.endpoint = before.endpoint
    where tonight.has_come and tonight.rows < before.rows * (1 - {{ var('fall_threshold') }})
    union all
    -- Every label of UDRegUser is the district's own.
    select
        'pull__labels__mapped' as check_id,
        endpoint || '.' || label as field,
        'label_unmapped' as reason
    from labels
    where field is null and endpoint <> 'UDRegUser'
    union all
    -- An endpoint without a record shows no label, mapped or not.
    select distinct
        'pull__labels__mapped' as check_id,
        field_labels.endpoint || '.' || field_labels.field as field,
        'label_never_came' as reason
    from field_labels
    anti join labels on field_labels.endpoint = labels.endpoint and field_labels.field = labels.field
    where
        not field_labels.is_optional
        and field_labels.endpoint in (select came.endpoint from labels as came)
)

select
    check_id,
    cast(null as varchar) as record_key,
    cast(null as varchar) as school_id,
    field,
    reason,
    cast(null as bigint) as position
from final
