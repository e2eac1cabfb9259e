using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Login;

/// <summary>How the pings of all logins come.</summary>
[JsonConverter(typeof(CamelCaseEnum<LoginPings>))]
public enum LoginPings
{
    Usual = 1,

    /// <summary>Each ping is sent twice.</summary>
    Twice = 2,

    /// <summary>The answer to the login's request is held until the ping was delivered.</summary>
    Early = 3,

    /// <summary>No ping is ever sent.</summary>
    None = 4,
}
