using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Loyalty;

/// <summary>The Loyalty API over HTTP: one call, one event, one outcome. Any 2xx is accepted.</summary>
internal sealed class LoyaltyApi(VippsSender sender, VippsOptions options)
{
    private static readonly VippsResult<bool> Accepted = new VippsResult<bool>.Ok(true);

    private readonly Uri? _address = options.Loyalty.BaseAddress?.At(VippsOperation.Publish.Template);

    public Task<VippsResult<bool>> PublishAsync(LoyaltyEvent happened, CancellationToken cancellation)
    {
        if (_address is null)
        {
            return Task.FromResult<VippsResult<bool>>(
                new VippsResult<bool>.Later(new VippsFault(0, Title: "loyalty is not set up"), null));
        }

        var call = new VippsCall(
            VippsOperation.Publish, happened.Msn, _address, options.CallTimeout, Body(happened),
            Subject: happened.EventId, Share: CallShare.Member);
        return sender.SendAsync(call, static _ => Accepted, null, cancellation);
    }

    internal byte[] Body(LoyaltyEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("eventId", happened.EventId);
            json.WriteString("timestamp", Instant(happened.At));
            json.WriteString("action", ActionOf(happened.Content));
            json.WriteStartObject("payload");
            json.WriteString("contactId", happened.MemberId);
            json.WriteString("phoneNumber", happened.Phone.ForLoyalty);
            WriteContent(json, happened.Content);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteContent(Utf8JsonWriter json, LoyaltyContent content)
    {
        switch (content)
        {
            case LoyaltyContent.MemberRegistered m:
                WriteMember(json, m.JoinedOn, m.Points, m.Consents);
                break;
            case LoyaltyContent.MemberUpdated m:
                WriteMember(json, m.JoinedOn, m.Points, m.Consents);
                break;
            case LoyaltyContent.CouponUpdated { Coupon: var coupon }:
                WriteCoupon(json, coupon);
                break;
            case LoyaltyContent.CouponDeleted m:
                json.WriteStartObject("coupon");
                json.WriteString("id", m.CouponId);
                json.WriteEndObject();
                break;
            case LoyaltyContent.StampCardUpdated { Card: var card }:
                json.WriteStartObject("stampCard");
                json.WriteString("id", card.Id);
                json.WriteString("heading", card.Heading);
                json.WriteNumber("stamps", card.Stamps);
                json.WriteNumber("stampsRequired", card.Full);
                json.WriteEndObject();
                break;
            case LoyaltyContent.BonusCheckCreated { Check: var check }:
                WriteCheck(json, check);
                break;
            case LoyaltyContent.BonusCheckDeleted m:
                json.WriteStartObject("bonusCheck");
                json.WriteString("id", m.CheckId);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteMember(Utf8JsonWriter json, DateTimeOffset joinedOn, long points, Consents consents)
    {
        json.WriteString("joinedOn", Instant(joinedOn));
        json.WriteStartObject("bonusPoints");
        json.WriteNumber("balance", points);
        json.WriteEndObject();
        json.WriteStartObject("communicationPreferences");
        json.WriteBoolean("acceptsEmail", consents.Email);
        json.WriteBoolean("acceptsSms", consents.Sms);
        json.WriteBoolean("acceptsPostal", consents.Postal);
        json.WriteEndObject();
    }

    private void WriteCoupon(Utf8JsonWriter json, Coupon coupon)
    {
        json.WriteStartObject("coupon");
        json.WriteString("id", coupon.Id);
        json.WriteString("parentId", coupon.CampaignId);
        json.WriteString("heading", coupon.Heading);
        json.WriteString("description", coupon.Description);
        json.WriteString("expiresOn", Instant(coupon.ExpiresOn));
        json.WriteBoolean("redeemed", coupon.Redeemed);
        json.WriteStartObject("redemption");
        json.WriteString("type", options.Loyalty.RedemptionType);
        if (coupon.PromotionCode.Length > 0) json.WriteString("promotionCode", coupon.PromotionCode);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter json, BonusCheck check)
    {
        json.WriteStartObject("bonusCheck");
        json.WriteString("id", check.Id);
        json.WriteString("heading", check.Heading);
        json.WriteString("description", check.Description);
        json.WriteStartObject("amount");
        json.WriteString("currency", check.Amount.Currency.ToString());
        json.WriteNumber("value", check.Amount.Minor);
        json.WriteEndObject();
        json.WriteString("expiresOn", Instant(check.ExpiresOn));
        json.WriteEndObject();
    }

    private static string ActionOf(LoyaltyContent content) => content switch
    {
        LoyaltyContent.MemberRegistered => "benefits.member.registered",
        LoyaltyContent.MemberUpdated => "benefits.member.updated",
        LoyaltyContent.MemberDeleted => "benefits.member.deleted",
        LoyaltyContent.CouponUpdated => "benefits.coupon.updated",
        LoyaltyContent.CouponDeleted => "benefits.coupon.deleted",
        LoyaltyContent.StampCardUpdated => "benefits.stampCard.updated",
        LoyaltyContent.BonusCheckCreated => "benefits.bonusCheck.created",
        LoyaltyContent.BonusCheckDeleted => "benefits.bonusCheck.deleted",
        _ => throw new UnreachableException($"No action is {content.GetType().Name}."),
    };

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
