using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Cli.Processes;

/// <summary>The running server's admin listener, as its settings name it.</summary>
/// <param name="command">Begins each message.</param>
internal sealed class AdminClient(string command, Uri address, string token) : IDisposable
{
    /// <summary>Where the admin listener is if the settings do not say.</summary>
    public const int Port = 7702;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <exception cref="CommandException">The settings cannot be read.</exception>
    public static AdminClient Of(string command, FileInfo? settings)
    {
        var admin = SettingsFile.Read(settings).Gateway?.Admin;
        return new AdminClient(command, new Uri($"http://{admin?.Address ?? "127.0.0.1"}:{admin?.Port ?? Port}"), admin?.Token ?? "");
    }

    /// <exception cref="CommandException">No server, a token that it does not take, or its own words for a no.</exception>
    public async Task<T> GetAsync<T>(string page, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await ReadAsync(await SendAsync(() => _http.GetAsync(page, cancellation), cancellation), type, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string page, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancellation) =>
        await ReadAsync(await SendAsync(() => _http.PostAsJsonAsync(page, body, bodyType, cancellation), cancellation), type, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public async Task PostAsync(string page, CancellationToken cancellation)
    {
        using var answer = await SendAsync(() => _http.PostAsync(page, null, cancellation), cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using (answer) return (await answer.Content.ReadFromJsonAsync(type, cancellation))!;
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        try
        {
            var answer = await send();
            if (answer.IsSuccessStatusCode) return answer;
            using (answer)
            {
                throw new CommandException((int)answer.StatusCode switch
                {
                    401 => $"{command}: the server does not take the token of these settings.",
                    400 or 404 => $"{command}: {await answer.Content.ReadAsStringAsync(cancellation)}.",
                    var status => $"{command}: the server answers {status}.",
                });
            }
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"{command}: no server answers at {address.Authority}; is it running?", failure);
        }
    }
}
