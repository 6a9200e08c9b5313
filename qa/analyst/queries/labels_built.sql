-- One row per label that an endpoint sent in the run that the warehouse was built of.
with
labels as (
    select * from warehouse.staging.stg_plus360__labels
),

final as (
    select label
    from labels
    where endpoint = $endpoint and label is not null
)

select * from final
