const figure = (id: string, title: string) => `
  <figure>
    <figcaption>${title} <output aria-live="off" id="${id}-now"></output></figcaption>
    <div id="${id}" class="curve" role="img" aria-label="${title}"></div>
  </figure>`;

/** What the panel of training holds. */
export const TRAIN_MARKUP = `
  <div class="sliders choices">
    <label>Method <select id="train-algorithm"></select></label>
    <label>Guide <select id="train-guide"></select></label>
    <label>Slope <select id="train-slope"></select></label>
    <label>Length
      <select id="train-length">
        <option value="short">short, 20 rounds</option>
        <option value="full">full, as the command line</option>
      </select>
    </label>
    <label>Seed <input id="train-seed" type="number" min="0" max="4294967295" step="1" value="1" /></label>
    <div class="group">
      <button id="train-start" type="button">Train</button>
      <button id="train-stop" type="button" aria-disabled="true">Stop</button>
      <button id="train-fly" type="button" disabled>Fly it</button>
      <button id="train-save" type="button" disabled>Save it</button>
    </div>
    <label class="check"><input id="train-follow" type="checkbox" checked /> Watch it learn</label>
    <progress id="train-bar" aria-label="Progress of the training" max="1" value="0" hidden></progress>
    <p id="train-progress" class="facts"></p>
    <p id="train-kept" class="facts"></p>
    <p id="train-threads" class="facts"></p>
  </div>
  <div class="curves">
    ${figure("curve-return", "Validation return, of 500")}
    ${figure("curve-slope", "Surrogate slope")}
    ${figure("curve-jump", "Jump start, steps")}
    <ul id="train-legend" class="legend" aria-label="What the lines are"></ul>
  </div>
  <section class="runs" aria-labelledby="runs-title">
    <h2 id="runs-title">Runs</h2>
    <p id="runs-kept" class="facts"></p>
    <ul id="runs" aria-labelledby="runs-title"></ul>
  </section>`;
