"""What an enquiry is about, in the three groups that the brand reports by: the one place that sorts intents."""

from collections.abc import Mapping
from enum import StrEnum


class Subject(StrEnum):
    """CRM is the relation to the brand, information what can be read anywhere, commerce whatever leads to a sale."""

    CRM = "crm"
    INFORMATION = "information"
    COMMERCE = "commerce"
    OTHER = "other"  # small talk, steps of a dialogue, and what the bot did not understand


_INTENTS: Mapping[Subject, str] = {
    Subject.CRM: (
        "membership_join membership_benefits membership_points_balance membership_birthday"
        " membership_tier_upgrade membership_card_problem appointment_booking vip_arrival_notice"
        " reservation_change_cancel repair_aftersales complaint careers_jobs unsubscribe_privacy"
    ),
    Subject.INFORMATION: (
        "store_hours store_location store_contact parking product_info care_maintenance"
        " authenticity size_fitting tax_refund_travellers"
    ),
    Subject.COMMERCE: (
        "product_price product_availability product_recommendation gift_ideas gift_wrapping"
        " personalisation_engraving promotion_campaign price_protection how_to_order order_status"
        " order_change order_cancel shipping_delivery return_exchange payment_methods invoice customs_overseas"
        " corporate_orders"
    ),
    Subject.OTHER: (
        "human_agent bot_challenge greet goodbye thanks affirm deny inform out_of_scope"
    ),
}

SUBJECTS: Mapping[str, Subject] = {
    intent: subject for subject, intents in _INTENTS.items() for intent in intents.split()
}
"""Every intent of ``nlu_data/nlu`` with its group."""
