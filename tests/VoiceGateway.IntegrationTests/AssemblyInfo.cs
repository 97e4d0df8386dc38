// Whole gateways on one machine: their clocks want it to themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
