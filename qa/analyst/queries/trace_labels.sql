-- One row per label that the built run received: the field that it fills, if it is recognized.
with
labels as (
    select * from warehouse.staging.stg_plus360__labels
),

final as (
    select
        endpoint,
        label,
        field
    from labels
)

select * from final
