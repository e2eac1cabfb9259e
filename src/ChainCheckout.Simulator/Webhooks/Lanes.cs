using System.Threading.Channels;

namespace ChainCheckout.Simulator.Webhooks;

/// <summary>
/// The notices that one registration still has to get, in lanes. A lane keeps its order: while its first notice
/// fails, those behind it wait. Different lanes do not wait for each other.
/// </summary>
internal sealed class Lanes(Registration registration)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Notice>> _lanes = new(StringComparer.Ordinal);
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
    private bool _closed;

    public Registration Registration => registration;

    public ChannelReader<string> Ready => _ready.Reader;

    public int Waiting
    {
        get
        {
            lock (_gate) return _lanes.Values.Sum(lane => lane.Count);
        }
    }

    public void Add(Notice notice)
    {
        lock (_gate)
        {
            if (_closed) return;
            if (!_lanes.TryGetValue(notice.Lane, out var lane))
            {
                _lanes.Add(notice.Lane, lane = new Queue<Notice>(1));
                _ready.Writer.TryWrite(notice.Lane);
            }

            lane.Enqueue(notice);
        }
    }

    /// <summary>The notice to send next in a lane; null when the registration is deleted.</summary>
    public Notice? Head(string name)
    {
        lock (_gate) return _lanes.TryGetValue(name, out var lane) ? lane.Peek() : null;
    }

    /// <summary>Takes the head off. An emptied lane is forgotten: the next notice opens it anew.</summary>
    /// <returns>
    /// Whether there is more in it. After false the caller must let go of the lane: it may be another's by now.
    /// </returns>
    public bool Done(string name)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(name, out var lane)) return false;
            lane.Dequeue();
            if (lane.Count > 0) return true;
            _lanes.Remove(name);
            return false;
        }
    }

    /// <summary>A lane whose head had to wait may be tried again.</summary>
    public void Wake(string name) => _ready.Writer.TryWrite(name);

    /// <summary>The registration is deleted: nothing more is sent.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _lanes.Clear();
        }

        _ready.Writer.TryComplete();
    }
}
