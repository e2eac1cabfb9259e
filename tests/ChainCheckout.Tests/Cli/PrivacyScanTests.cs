using System.Text;
using ChainCheckout.Cli.Demos;
using ChainCheckout.Cli.Processes;

namespace ChainCheckout.Tests.Cli;

public sealed class PrivacyScanTests : IDisposable
{
    private const string Customer = """{"msisdn":"4791234567","qrV1":"https://qr.vipps.no/28/2/01/031/4791234567?v=1","qrToken":"https://qr.vipps.no/p/AbCdEfGhIjKlMnOpQrStUvWxYz0"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("privacy-");
    private readonly DirectoryInfo _server;

    public PrivacyScanTests()
    {
        _server = _folder.CreateSubdirectory("server");
        File.WriteAllText(CustomersFile, Customer + "\n");
    }

    private string CustomersFile => Path.Combine(_folder.FullName, "customers.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a line with 4791234567 in it", "phone number")]
    [InlineData("+47 912 34 567", "phone number")]
    [InlineData("typed:91234567;", "phone number")]
    [InlineData("0047-91234567", "phone number")]
    [InlineData("https://qr.vipps.no/28/2/01/031/4791234567?v=1", "phone number")]
    [InlineData("https://qr.vipps.no/p/AbCdEfGhIjKlMnOpQrStUvWxYz0", "QR token")]
    [InlineData("xxAbCdEfGhIjKlMnOpQrStUvWxYz0yy", "QR token")]
    public void APlantedText_IsFound_InUtf8AndUtf16AndBinary(string planted, string kind)
    {
        Write("a.log", Encoding.UTF8.GetBytes(planted));
        Write("b.txt", Encoding.Unicode.GetBytes("é" + planted));
        Write("c.db", [0xFF, 0x00, .. Encoding.UTF8.GetBytes(planted), 0x00, 0x13]);

        var report = PrivacyScan.Of(CustomersFile).Scan(_server.FullName);

        Assert.Equal(["a.log", "b.txt", "c.db"], report.Findings.Where(one => one.Kind == kind).Select(one => one.File).Distinct());
        Assert.Equal(3, report.Files);
    }

    [Fact]
    public void ATextAcrossTheSeamOfTwoReads_IsFoundOnce()
    {
        var bytes = new byte[(1 << 20) + 100];
        bytes.AsSpan().Fill((byte)'.');
        Encoding.UTF8.GetBytes("4791234567").CopyTo(bytes.AsSpan((1 << 20) - 5));
        Write("seam.bin", bytes);

        var report = PrivacyScan.Of(CustomersFile).Scan(_server.FullName);

        Assert.Equal((1 << 20) - 5, Assert.Single(report.Findings).Offset);
    }

    [Theory]
    [InlineData("no number of theirs: 4791234568")]
    [InlineData("a longer run 1479123456700 is no phone number")]
    [InlineData("https://qr.vipps.no/p/AbCdEfGhIjKlMnOpQrStUvWxYz1")]
    public void WhatIsNotTheirs_IsNotReported(string text)
    {
        Write("clean.log", Encoding.UTF8.GetBytes(text));

        Assert.Empty(PrivacyScan.Of(CustomersFile).Scan(_server.FullName).Findings);
    }

    [Fact]
    public void AnotherFolder_IsRefused()
    {
        File.Delete(CustomersFile);

        Assert.Contains("--keep", Assert.Throws<CommandException>(() => PrivacyScan.Of(CustomersFile)).Message, StringComparison.Ordinal);
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_server.FullName, name), bytes);
}
