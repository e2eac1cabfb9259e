using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Sending;

internal sealed partial class VippsSender
{
    /// <summary>Counts the call; logs it once when it failed.</summary>
    private void Report<T>(VippsCall call, VippsResult<T> result, TimeSpan took)
    {
        var (operation, msn) = (call.Operation, call.Msn);
        calls.Count(operation, OutcomeOf(result), took);
        switch (result)
        {
            case VippsResult<T>.Refused({ Status: 401 } fault) when call.Own is { NamesCaller: true }:
                LogKeysRefused(operation.Method, operation.Template, msn, fault.Title, fault.TraceId);
                break;
            case VippsResult<T>.Refused({ } fault):
                LogRefused(
                    operation.Method, operation.Template, msn, call.Subject, fault.Status, fault.Code, fault.Field,
                    fault.Title, fault.TraceId);
                break;
            case VippsResult<T>.Later({ Status: 401 } fault, _):
                LogUnauthorized(operation.Method, operation.Template, msn, call.Subject, fault.Title, fault.TraceId);
                break;
            case VippsResult<T>.Later(var fault, var retryAfter):
                LogLater(operation.Method, operation.Template, msn, call.Subject, fault.Status, fault.Code, fault.Title,
                    fault.TraceId, retryAfter);
                break;
            case VippsResult<T>.Unknown(var reason):
                LogUnknown(operation.Method, operation.Template, msn, call.Subject, reason, took.TotalMilliseconds);
                break;
        }
    }

    private static CallOutcome OutcomeOf<T>(VippsResult<T> result) => result switch
    {
        VippsResult<T>.Ok => CallOutcome.Ok,
        VippsResult<T>.Refused => CallOutcome.Refused,
        VippsResult<T>.Later => CallOutcome.Later,
        VippsResult<T>.Unknown => CallOutcome.Unknown,
        _ => throw new UnreachableException($"No counter for {result.GetType().Name}."),
    };

    [LoggerMessage(3001, LogLevel.Information,
        "{Method} {Template} for {Msn} {Subject}: refused, {Status} {Code} {Field} {Title}, trace {TraceId}")]
    private partial void LogRefused(
        HttpMethod method, string template, Msn msn, string subject, int status, string code, string field,
        string title, string traceId);

    [LoggerMessage(3002, LogLevel.Debug,
        "{Method} {Template} for {Msn} {Subject}: later, {Status} {Code} {Title}, trace {TraceId}, after {RetryAfter}")]
    private partial void LogLater(
        HttpMethod method, string template, Msn msn, string subject, int status, string code, string title,
        string traceId, TimeSpan? retryAfter);

    [LoggerMessage(3003, LogLevel.Information,
        "{Method} {Template} for {Msn} {Subject}: outcome unknown, {Reason}, after {Milliseconds:F0} ms")]
    private partial void LogUnknown(
        HttpMethod method, string template, Msn msn, string subject, string reason, double milliseconds);

    [LoggerMessage(3004, LogLevel.Warning,
        "{Method} {Template} for {Msn} {Subject}: 401 with a new token too, {Title}, trace {TraceId}; wrong keys?")]
    private partial void LogUnauthorized(
        HttpMethod method, string template, Msn msn, string subject, string title, string traceId);

    [LoggerMessage(3005, LogLevel.Warning, "Sales unit {Msn} is not in the settings: {Operation} was not sent")]
    private partial void LogNoSalesUnit(Msn msn, string operation);

    [LoggerMessage(3006, LogLevel.Warning,
        "{Method} {Template} for {Msn}: 401 for its own keys, {Title}, trace {TraceId}; wrong keys?")]
    private partial void LogKeysRefused(HttpMethod method, string template, Msn msn, string title, string traceId);
}
