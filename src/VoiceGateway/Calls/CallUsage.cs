using VoiceGateway.GeminiLive;
using VoiceGateway.Records;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// The tokens of one call. The service counts each generation for itself: its prompt is the whole context that the model read
/// for it, its response what it said, and both are paid for. So a call's tokens are the sum over its generations, over all its
/// connections; nothing is taken as a running total of the session.
/// <para>
/// Within a turn a message may come again, or grow while the model speaks. A generation is known by its prompt: the same prompt
/// with a response no smaller restates the last message of this turn and replaces it; anything else is a generation of its own
/// (the model goes on after a tool) and is added. A new turn and a new connection always begin anew.
/// </para>
/// <para>The Live receive loop writes, the HTTP API reads: a lock of the call's own, taken a few times a turn.</para>
/// </summary>
public sealed class CallUsage
{
    /// <summary>Of the turns, the newest this many are listed.</summary>
    public const int MaxTurns = 500;

    private static readonly List<TokenCount> Nothing = [];

    private readonly Lock _gate = new();
    private readonly CallUsageMeter _meter;
    private readonly TurnTimeline _timeline;
    private readonly List<TokenCount> _sum = [];
    private readonly List<TurnUsage> _turns = [];
    private string _model;
    private ModelPrices? _prices;
    private int _turn;
    private bool _inTurn;
    private List<TokenCount> _generation = Nothing;
    private decimal _generationCost;
    private decimal? _cost;
    private long _unpriced;

    internal CallUsage(CallUsageMeter meter, TurnTimeline timeline, string model)
    {
        (_meter, _timeline) = (meter, timeline);
        _model = model;
        _prices = meter.Prices.For(model);
    }

    /// <summary>A connection took the place of another, perhaps with another model.</summary>
    /// <param name="model">Null: the same.</param>
    public void ConnectionChanged(string? model = null)
    {
        lock (_gate)
        {
            _inTurn = false;
            _generation = Nothing;
            if (model is null || model == _model) return;
            _model = model;
            _prices = _meter.Prices.For(model);
        }
    }

    /// <summary>Audio, words or a tool call of the model: what is counted from here on belongs to a turn that is under way.</summary>
    public void ModelActed()
    {
        if (Volatile.Read(ref _inTurn)) return;
        lock (_gate) BeginTurn();
    }

    /// <summary>Counts that still come belong to this turn, until the model acts again.</summary>
    public void TurnComplete()
    {
        lock (_gate)
        {
            if (!_inTurn) BeginTurn();
            _inTurn = false;
        }
    }

    /// <summary>A <c>usageMetadata</c> of the server.</summary>
    public void Count(LiveUsage usage)
    {
        var counted = UsageCells.Of(usage);
        if (counted.Count == 0) return;
        lock (_gate)
        {
            if (_turn == 0) BeginTurn();
            if (!Restates(counted, _generation)) (_generation, _generationCost) = (Nothing, 0);
            var more = UsageCells.Difference(counted, _generation);
            if (more.Count == 0) return;
            var cost = _prices?.CostOf(counted);
            var moreCost = cost - _generationCost;
            (_generation, _generationCost) = (counted, cost ?? 0);
            AddToTurn(more, moreCost);
            UsageCells.Add(_sum, more);
            if (moreCost is { } amount) _cost = (_cost ?? 0) + amount;
            else _unpriced += Billed(more);
            _meter.Counted(_model, more, moreCost);
        }
    }

    /// <summary>As of now.</summary>
    public TokenUsage Snapshot()
    {
        lock (_gate)
            return new TokenUsage
            {
                Tokens = [.. _sum],
                Turns = [.. _turns],
                Cost = _cost is { } amount ? new TokenCost(amount, _meter.Prices.Currency, _unpriced) : null,
            };
    }

    /// <summary>Cached tokens are prompt tokens already.</summary>
    internal static long Billed(List<TokenCount> tokens) => Sum(tokens) - Sum(tokens, UsageCells.Cached);

    private static bool Restates(List<TokenCount> counted, List<TokenCount> before) =>
        Sum(counted, UsageCells.Prompt) == Sum(before, UsageCells.Prompt)
        && Sum(counted, UsageCells.Response) >= Sum(before, UsageCells.Response)
        && Sum(counted, UsageCells.Thoughts) >= Sum(before, UsageCells.Thoughts)
        && Sum(counted, UsageCells.ToolUse) >= Sum(before, UsageCells.ToolUse);

    private static long Sum(List<TokenCount> cells, string? direction = null)
    {
        long sum = 0;
        foreach (var cell in cells)
            if (direction is null || cell.Direction == direction) sum += cell.Tokens;
        return sum;
    }

    private void BeginTurn()
    {
        _turn++;
        _generation = Nothing;
        Volatile.Write(ref _inTurn, true);
    }

    private void AddToTurn(List<TokenCount> more, decimal? cost)
    {
        if (_turns is [.., var last] && last.Turn == _turn && last.Model == _model)
        {
            var cells = last.Tokens.ToList();
            UsageCells.Add(cells, more);
            _turns[^1] = last with { Tokens = cells, Cost = last.Cost + cost };
            return;
        }
        if (_turns.Count == MaxTurns) _turns.RemoveAt(0);
        _turns.Add(new TurnUsage(_turn, (long)_timeline.Now.TotalMilliseconds, _model, more, cost));
    }
}
