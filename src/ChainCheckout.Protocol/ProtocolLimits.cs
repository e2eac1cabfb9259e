namespace ChainCheckout.Protocol;

/// <summary>The numbers that both ends of the wire agree on.</summary>
public static class ProtocolLimits
{
    public const byte WireVersion = 1;
    public const int HeaderBytes = 12;
    public const int FrameBytesMax = 65_536;     // Payload, header not counted. 200 long lines fit.
    public const int HandshakeBytesMax = 2_048;  // Hello and Proof: what a stranger may make the server hold.
    public const int SoftwareCharsMax = 64;
    public const int QrBytesMax = 16_384;        // What a parser lets through; the rule of a real code is the server's.
    public const int PhoneCharsMax = 32;
    public const int SaleIdCharsMax = 64;
    public const int ReferenceCharsMax = 64;
    public const int LinesMax = 200;
    public const int LineTextCharsMax = 255;
    public const int QuantityCharsMax = 10;
    public const int CouponsMax = 50;
    public const int CouponCharsMax = 64;
    public const int SignatureCharsMax = 80;     // Who refunds, and why.
    public const int TaxRateMax = 10_000;        // Hundredths of a percent.
    public const int MinimumAgeMax = 100;        // Years.
    public const int NonceBytes = 16;
    public const int ProofBytes = 32;            // HMAC-SHA256.
    public const int SecretBytesMin = 16;
}
