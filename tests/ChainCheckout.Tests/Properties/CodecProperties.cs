using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Customers;
using ChainCheckout.Tests.Payments;
using ChainCheckout.Tests.Protocol;
using ChainCheckout.Tests.SalesUnits;
using ChainCheckout.Tests.Tills;
using FsCheck;
using FsCheck.Fluent;
using Wire = ChainCheckout.Protocol.Commands.TillCommand;

namespace ChainCheckout.Tests.Properties;

/// <summary>Whatever is written is read as it was: commands and payloads on the wire, states in storage.</summary>
public sealed class CodecProperties
{
    private const int Turns = 12;

    private static readonly Gen<string?> SaleIds = Gen.Elements("S-1", "a.b_c-D", new string('x', 64), null);
    private static readonly Gen<string> Currencies = Gen.Elements("NOK", "DKK", "EUR");

    private static readonly Gen<SaleLine> Lines =
        from id in Properties.Text(1, 20)
        from name in Properties.Text(1, 255)
        from total in Properties.Minor
        from tax in Gen.Choose(0, 10_000)
        from quantity in Gen.Elements("2", "0.534", "1.00000001", null)
        from unit in Gen.Elements("PCS", "KG", null)
        from price in Gen.OneOf(Properties.Minor.Select(minor => (long?)minor), Gen.Constant<long?>(null))
        from isReturn in Gen.Elements(true, false)
        select new SaleLine(id, name, total, tax, quantity, unit, price, price, isReturn);

    private static readonly Gen<Wire> Commands = Gen.OneOf<Wire>(
        from qr in Properties.Text(0, 300) from sale in SaleIds select (Wire)new Wire.Scan(qr, sale),
        from phone in Properties.Text(0, 32) from sale in SaleIds select (Wire)new Wire.Phone(phone, sale),
        from minor in Properties.Minor
        from currency in Currencies
        from lines in Lines.ArrayOf()
        from coupons in Properties.Text(1, 64).ArrayOf().Where(all => all.Length <= ProtocolLimits.CouponsMax)
        from age in Gen.Elements(null, 0, (int?)18, 100)
        from bare in Gen.Elements(true, false)
        select (Wire)new Wire.Pay("S-1", minor, currency, bare ? null : lines, bare ? null : coupons, age),
        from minor in Properties.Minor from currency in Currencies from lines in Lines.ArrayOf() select (Wire)new Wire.Complete("S-1", "other", minor, currency, lines),
        Gen.Constant((Wire)new Wire.Cancel("S-1")),
        SaleIds.Select(sale => (Wire)new Wire.Close(sale)),
        from minor in Properties.Minor from who in Properties.Text(1, 80) from why in Properties.Text(1, 80) select (Wire)new Wire.Refund("s1-t2-3-4", minor, "NOK", who, why),
        from sale in SaleIds from replace in Gen.Elements(true, false) select (Wire)new Wire.Enrol(sale, replace));

    private static readonly Gen<int[]> Choices = Gen.Choose(0, 100_000).ArrayOf(Turns);

    [Fact]
    public void Command_OverTheWire_IsTheCommand_UnderAnySessionAndHoweverItIsCut() =>
        (from command in Commands
         from session in Gen.Choose(0, int.MaxValue)
         from cut in Gen.Choose(0, 10_000)
         select (command, session: (uint)session * 2, cut)).Hold(of =>
        {
            var canonical = CommandCanonical.ToBytes(of.command);
            if (canonical.Length > CommandWriter.CanonicalBytesMax) return true;
            var output = new ArrayBufferWriter<byte>();
            CommandWriter.Write(output, 7, 9, of.session, canonical);
            var bytes = output.WrittenSpan.ToArray();
            var input = FrameBytes.Cut(bytes, of.cut % bytes.Length);
            if (FrameReader.TryRead(ref input, out var frame, out _) != ReadStatus.Frame || !input.IsEmpty) return false;
            if (frame.Header != new FrameHeader(FrameType.Command, 7, 9)) return false;
            var read = CommandReader.Read(frame.Payload);
            return read.IsCommand && read.Session == of.session && CommandCanonical.ToBytes(read.Command).AsSpan().SequenceEqual(canonical);
        });

    [Fact]
    public void Payload_OverTheWire_IsThePayload() =>
        (from text in Properties.Text(0, 200)
         from number in Gen.Choose(0, int.MaxValue)
         from minor in Properties.Minor
         from names in Properties.Text(1, 10).ArrayOf()
         select (text, number, minor, names)).Hold(of =>
        {
            var (text, number, minor, names) = of;
            var view = new ViewPayload(
                minor, text, text, text, text, text, names, new CustomerPayload(text, text, text, text, minor, number, text),
                new PaymentPayload(text, minor, text, number, text, number), new ReceiptPayload(text, text, text, minor, text, DateTimeOffset.UnixEpoch.AddTicks(number)),
                new RefundPayload(text, minor, text, text, text, text), new EnrolmentPayload(text, text, text, text, text, number));
            return Survives(view, ProtocolJson.Default.ViewPayload)
                && Survives(new Welcome((uint)number, (uint)number, (uint)number, view, new LimitsPayload(number, number, number)), ProtocolJson.Default.Welcome)
                && Survives(new Hello(number, number, text, [number], (uint)number, (uint)number, text, text), ProtocolJson.Default.Hello)
                && Survives(new Challenge(text, number), ProtocolJson.Default.Challenge) && Survives(new Proof(text), ProtocolJson.Default.Proof)
                && Survives(new Reply(ReplyStatus.Refused, text, text, text, text, text, text, minor), ProtocolJson.Default.Reply)
                && Survives(new Error(text, text, text, (uint)number), ProtocolJson.Default.Error)
                && Survives(new Busy(number), ProtocolJson.Default.Busy) && Survives(new Goodbye(text, number, text), ProtocolJson.Default.Goodbye);
        }, count: 1_000);

    [Fact]
    public void StateOfATill_AfterAnyTurns_IsLoadedAsItWasSaved() =>
        Hold(new Till(new TillSettings(), TillAlphabet.Secret), TillAlphabet.Id.ToString(), TillAlphabet.Messages, types => types.TillState);

    [Fact]
    public void StateOfAPayment_AfterAnyTurns_IsLoadedAsItWasSaved() => Hold(
        new Payment(new PaymentTimings()), "any", (state, _) => state is PaymentState.Known ? PaymentAlphabet.All : [PaymentAlphabet.Begin, PaymentAlphabet.Refund("r1", 100)],
        types => types.PaymentState);

    [Fact]
    public void StateOfACustomer_AfterAnyTurns_IsLoadedAsItWasSaved() =>
        Hold(CustomerAlphabet.Machine, "any", CustomerAlphabet.Messages, types => types.CustomerState);

    [Fact]
    public void StateOfALogin_AfterAnyTurns_IsLoadedAsItWasSaved() => Hold(
        new Login(), "VYG1", (_, _) => [new LoginMessage.Belongs(new CustomerId("c1")), new LoginMessage.Ping(), new LoginMessage.OwnerTold(true), new LoginMessage.OwnerTold(false)],
        types => types.LoginState);

    [Fact]
    public void StateOfAStore_AfterAnyTurns_IsLoadedAsItWasSaved() => Hold(
        new Store(), "0042",
        (_, _) => [new StoreMessage.Configure(TillAlphabet.Profile, [new TillCredential(7, TillRole.Pos, new Secret("æ\"\\")), new TillCredential(8, TillRole.Scanner, new Secret("s"))]),
            new StoreMessage.Configure(TillAlphabet.Profile with { Name = "Ø & \"co\"" }, [])],
        types => types.StoreState);

    [Fact]
    public void StateOfASalesUnit_AfterAnyTurns_IsLoadedAsItWasSaved() => Choices.Hold(choices =>
    {
        var world = WebhookWorld.Begin(5).Told(new SalesUnitMessage.Ensure(WebhookWorld.Wanted(WebhookWorld.Url)));
        foreach (var choice in choices)
        {
            var next = world.Next().ToArray();
            if (next.Length == 0) break;
            world = next[choice % next.Length];
            if (!IsSame(world.Memory, types => types.SalesUnitState)) return false;
        }

        return true;
    }, count: 500);

    private static void Hold<TState, TMessage, TReply>(
        IMachine<TState, TMessage, TReply> machine, string key, Func<TState, DateTimeOffset, IEnumerable<TMessage>> messages, Func<CoreJson, JsonTypeInfo<TState>> type)
        where TState : class
        where TMessage : class =>
        Choices.Hold(choices =>
        {
            var (state, now) = (machine.Initial(key), Walk.Begin);
            foreach (var choice in choices)
            {
                var all = messages(state, now).ToArray();
                state = machine.Decide(state, all[choice % all.Length], now).State;
                now += TimeSpan.FromSeconds(choice % 97);
                if (!IsSame(state, type)) return false;
            }

            return true;
        }, count: 500);

    /// <summary>Loaded it is the same, and what it would save again is the same, byte for byte but for the sealed values.</summary>
    private static bool IsSame<TState>(TState state, Func<CoreJson, JsonTypeInfo<TState>> type)
    {
        var json = type(Stored.Codec.States);
        var loaded = Stored.Codec.Decode(Stored.Codec.Encode(state, json), json);
        return PlainJson.Exact(loaded, type) == PlainJson.Exact(state, type);
    }

    private static bool Survives<T>(T payload, JsonTypeInfo<T> type)
        where T : class
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new FrameHeader(FrameType.View, 1), payload, type);
        var input = new ReadOnlySequence<byte>(output.WrittenMemory);
        return FrameReader.TryRead(ref input, out var frame, out _) == ReadStatus.Frame && PayloadReader.TryRead(frame.Payload, type, out var read)
            && JsonSerializer.Serialize(read, type) == JsonSerializer.Serialize(payload, type);
    }
}
