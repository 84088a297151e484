"""The rows of a campaign's own data (基础数据) that rules and marts refer to."""

from collections.abc import Sequence

from phaseout.domain.campaign import Campaign


def reference_tables(campaign: Campaign) -> dict[str, Sequence[dict[str, object]]]:
    """Return the rows of a campaign's own data that rules and marts refer to."""
    key: dict[str, object] = {"campaign_id": campaign.id}
    return {
        "unit": [
            key
            | {
                "unit_code": unit.code,
                "unit_name": unit.name,
                "short_name": unit.short_name,
                "body": unit.body,
                "position": position,
            }
            for position, unit in enumerate(campaign.units)
        ],
        "county": [
            key | {"unit_code": unit.code, "county_code": county.code, "county_name": county.name}
            for unit in campaign.units
            for county in unit.counties
        ],
        "industry": [
            key
            | {
                "industry_key": industry.key,
                "industry_name": industry.name,
                "industry_office": industry.industry_office,
            }
            for industry in campaign.industries
        ],
        "required_industry": [
            key | {"unit_code": unit.code, "industry_key": industry, "position": position}
            for unit in campaign.units
            for position, industry in enumerate(unit.industries)
        ],
        "milestone": [
            key
            | {
                "milestone": milestone.id,
                "title": milestone.title,
                "kind": milestone.kind.value,
                "hardness": milestone.hardness.value,
                "owed_per": milestone.owed_per.value,
                "basis": milestone.basis,
                "position": position,
            }
            for position, milestone in enumerate(campaign.dated_milestones)
        ],
    }
