/** What the panel of the network holds. */
export const NETWORK_MARKUP = `
  <div class="network-figure">
    <canvas id="network" tabindex="0" role="img" aria-label="The network: what the drone senses at the left, a point for each neuron of each layer, the four rotors at the right. Arrow keys choose a neuron, Enter silences it or lets it speak again."></canvas>
    <p id="network-spikeless" hidden>This policy has no spikes: its numbers go through every link at all times, and nothing runs along them. The strongest links are drawn, with what it senses and what the rotors are told.</p>
    <p class="gloss">A line runs where a neuron has fired; the fuller its membrane, the brighter its point. Point at a neuron to see what it hears and tells, click it to silence it.</p>
  </div>
  <div id="network-controls" class="sliders network-controls">
    <div class="group">
      <button id="silence-neuron" type="button">Silence it</button>
      <button id="restore" type="button">Restore all</button>
    </div>
    <label>Silent at random <input id="lesion" type="range" min="0" max="100" step="1" value="0" /><output id="lesion-count">none</output></label>
    <label>After a push
      <select id="slow-motion">
        <option value="1">as fast as before</option><option value="0.25">four times slower</option>
        <option value="0.1">ten times slower</option>
      </select>
    </label>
    <div class="group"><button id="network-push" type="button">Push it and see who reacts</button></div>
    <p id="network-news" class="facts" role="status"></p>
    <dl aria-live="polite" class="network-facts">
      <dt id="network-chosen">No neuron</dt>
      <dd>hears <span id="network-hears"></span></dd>
      <dd>tells <span id="network-tells"></span></dd>
    </dl>
  </div>`;
